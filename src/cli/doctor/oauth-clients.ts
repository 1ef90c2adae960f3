import { randomUUID } from "node:crypto";
import type { Config } from "../../config.js";
import { Origins } from "../../connections/calls/origins.js";
import { EXCHANGE_TIMEOUT_MS } from "../../connections/calls/operation.js";
import { CrmError } from "../../errors/crm-error.js";
import type { Provider } from "../../providers/contract/contract.js";
import { serverOf, type OAuthDefinition, type OAuthExchange } from "../../providers/contract/oauth.js";
import { generateCodeVerifier, generateState } from "../../providers/oauth/authorization.js";
import { exchangeCode, refreshGrant } from "../../providers/oauth/grants.js";
import { oauthTraits } from "../../providers/oauth/traits.js";
import { CallBound } from "../../upstream/call-bound.js";
import { UpstreamClient } from "../../upstream/upstream-client.js";
import type { ClockReading } from "./clock.js";
import type { Finding } from "./finding.js";
import { redirectUriFinding } from "./redirect-uri.js";

export interface OAuthFindings {
  findings: Finding[];
  clocks: ClockReading[];
}

/** Checks the OAuth client of each provider that has one, all at the same time. */
export async function checkOAuthClients(config: Config, registry: readonly Provider[]): Promise<OAuthFindings> {
  const withOAuth = registry.filter(({ oauth }) => oauth !== undefined);
  const missing = withOAuth.filter(({ slug }) => !config.oauthClients.has(slug));
  const client = new UpstreamClient({ transport: { timeoutMs: config.upstreamTimeoutMs } });
  try {
    const checked = await Promise.all(
      withOAuth.filter((one) => !missing.includes(one)).map((provider) => checkProvider(provider, config, client)),
    );
    const skipped = missing.length === 0 ? [] : [notConfigured(missing)];
    return {
      findings: [...checked.flatMap(({ findings }) => findings), ...skipped],
      clocks: checked.flatMap(({ clocks }) => clocks),
    };
  } finally {
    client.close();
  }
}

function notConfigured(providers: readonly Provider[]): Finding {
  return {
    check: "oauth",
    status: "skipped",
    message: `Without an OAuth client, so live end users cannot connect: ${providers.map(({ slug }) => slug).join(", ")}`,
    advice: "To offer such a CRM, set CRMESH_<SLUG>_CLIENT_ID and CRMESH_<SLUG>_CLIENT_SECRET.",
  };
}

async function checkProvider(provider: Provider, config: Config, client: UpstreamClient): Promise<OAuthFindings> {
  const { slug, oauth } = provider;
  const check = `oauth ${slug}`;
  const given = config.oauthClients.get(slug)!;
  const prefix = `CRMESH_${slug.toUpperCase()}_CLIENT`;
  const faulty = [
    { name: `${prefix}_ID`, value: given.id },
    { name: `${prefix}_SECRET`, value: given.secret },
  ].find(({ value }) => /^["']|["']$|\s/.test(value));
  if (faulty) {
    const message = `${faulty.name} has spaces or quotes, which belong to no client id or secret`;
    return {
      findings: [{ check, status: "failed", message, advice: "Copy the value again, without them." }],
      clocks: [],
    };
  }
  const { outcome, clocks } = await ask(oauth!, provider, config, client);
  return {
    findings: [
      { check, ...outcome },
      { check, ...redirectUriFinding(slug, config) },
    ],
    clocks,
  };
}

type Outcome = Omit<Finding, "check">;

/** Asks for tokens with a grant that cannot exist. The answer says whether the server knows the client. */
async function ask(
  definition: OAuthDefinition,
  provider: Provider,
  config: Config,
  client: UpstreamClient,
): Promise<{ outcome: Outcome; clocks: ClockReading[] }> {
  const { slug } = provider;
  const { baseUrls: overrides, allowPrivateHosts } = config;
  const origins = new Origins({ sandbox: new Map(), sandboxPages: () => "", overrides, allowPrivateHosts });
  const { server, ...trust } = origins.authorizationServer(provider, "live", serverOf(definition, undefined));
  const { host, origin } = new URL(server.tokenEndpoint);
  const clocks: ClockReading[] = [];
  const traits = oauthTraits(definition);
  const exchange: OAuthExchange = {
    server,
    client: config.oauthClients.get(slug)!,
    send: (request) => {
      const sentAt = Date.now();
      return client.send(
        request,
        {
          provider: slug,
          origin,
          workspaceId: "doctor",
          endUserId: "doctor",
          connectionId: null,
          circuitKey: `${slug} doctor`,
          originKey: `${slug} doctor`,
          paceKey: `${slug} doctor`,
          bound: new CallBound({ deadline: performance.now() + EXCHANGE_TIMEOUT_MS }),
          remember: false,
          paced: false,
          allowPrivateHosts: trust.allowPrivateHosts,
        },
        {
          ...traits,
          classify: (response) => {
            const theirs = Date.parse(String(response.headers["date"]));
            const receivedAt = Date.now();
            if (!Number.isNaN(theirs)) clocks.push({ source: host, theirs, resolutionMs: 1_000, sentAt, receivedAt });
            return traits.classify(response);
          },
        },
      );
    },
    now: () => Date.now(),
  };
  return { outcome: await outcomeOf(tryGrant(exchange, definition), host, slug), clocks };
}

/** A grant with made-up values. Servers check the client first, so it changes nothing at the provider. */
async function tryGrant(exchange: OAuthExchange, definition: OAuthDefinition): Promise<unknown> {
  const madeUp = `crmesh-doctor-${randomUUID()}`;
  if (definition.refreshes) return refreshGrant(exchange, definition, { refreshToken: madeUp });
  const state = generateState();
  return exchangeCode(exchange, definition, {
    callback: new URLSearchParams({ code: madeUp, state }),
    state,
    redirectUri: "https://crmesh.invalid/connect/callback",
    codeVerifier: generateCodeVerifier(),
  });
}

async function outcomeOf(attempt: Promise<unknown>, host: string, slug: string): Promise<Outcome> {
  try {
    await attempt;
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    return meaningOf(error, host, slug);
  }
  return {
    status: "warning",
    message: `${host} accepted a grant that cannot exist, so nothing is known about the client`,
    advice: `Check CRMESH_${slug.toUpperCase()}_BASE_URL: this is not how an authorization server answers.`,
  };
}

function meaningOf({ code, details }: CrmError, host: string, slug: string): Outcome {
  const { detail, upstream = {} } = details;
  // The grant is refused, and not the client.
  if (code === "NEEDS_REAUTH" || code === "PROVIDER_AUTH_FAILED") {
    return { status: "ok", message: `${host} knows the client` };
  }
  if (code === "SERVICE_UNAVAILABLE") {
    const prefix = `CRMESH_${slug.toUpperCase()}_CLIENT`;
    return {
      status: "failed",
      message: `${host}: ${detail ?? "The client is refused."}`,
      advice: `Compare ${prefix}_ID and ${prefix}_SECRET with the app at the provider.`,
    };
  }
  if (code === "PROVIDER_UNAVAILABLE") {
    return {
      status: "failed",
      message: `${host} cannot be reached: ${detail ?? `status ${upstream.status}`}`,
      advice: "Check the network, the DNS and the proxy of this machine, and the status page of the provider.",
    };
  }
  const answer = [upstream.status, upstream.code].filter((part) => part !== undefined).join(" ") || code;
  return {
    status: "warning",
    message: `${host} answered ${answer}, which says nothing about the client`,
    advice: "Try again later, or connect one account to see whether it works.",
  };
}
