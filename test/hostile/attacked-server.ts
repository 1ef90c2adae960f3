import { providers } from "../../src/providers/index.js";
import { openTargets, PoliteTenant } from "../../bench/hostile/targets.js";
import { DEMO_KEY, Ground, type TestServer } from "../support/test-server.js";

/** The time of an attempt at a call, in ms, is shorter than the default: some faults make a request wait for all of it. */
const LIMITS = { upstreamTimeoutMs: 5_000, rateLimit: 1_000_000 };

/**
 * crmesh as it is attacked: live keys reach CRMs of their own, so that the faults that test keys ask for do not open the
 * circuits of those who did not ask for them.
 */
export class AttackedServer {
  readonly server: TestServer;
  readonly targets: Awaited<ReturnType<typeof openTargets>>;
  readonly polite: PoliteTenant;
  readonly #ground: Ground;
  readonly #liveCrms: Ground;

  private constructor(server: TestServer, targets: AttackedServer["targets"], polite: PoliteTenant, grounds: Ground[]) {
    this.server = server;
    this.targets = targets;
    this.polite = polite;
    [this.#ground, this.#liveCrms] = grounds as [Ground, Ground];
  }

  static async start(): Promise<AttackedServer> {
    const [ground, liveCrms] = await Promise.all([Ground.open(), Ground.open()]);
    const server = await ground.serve({
      config: { ...LIMITS, baseUrls: liveCrms.sandbox.origins, allowPrivateHosts: true },
      circuit: { halfOpenAfterMs: 200, maxHalfOpenAfterMs: 200 },
    });
    const keys = {
      live: await ground.key({ workspace: "hostile", environment: "live" }),
      polite: await ground.key({ workspace: "polite", environment: "live" }),
      test: DEMO_KEY,
    };
    const parts = {
      url: server.url,
      keys,
      liveCredentials: credentialsFor(liveCrms, "bench"),
      demoCredentials: credentialsFor(ground, "demo"),
      politeCredentials: { hubspot: credentialsFor(liveCrms, "polite")["hubspot"]! },
    };
    const targets = await openTargets(parts);
    const polite = new PoliteTenant(parts);
    await polite.start();
    return new AttackedServer(server, targets, polite, [ground, liveCrms]);
  }

  get port(): number {
    return Number(new URL(this.server.url).port);
  }

  async close(): Promise<void> {
    await this.#ground.close();
    await this.#liveCrms.close();
  }
}

/** Slug → what createConnection takes of a sandbox CRM's credential. */
function credentialsFor({ sandbox }: Ground, account: string): Record<string, Record<string, string>> {
  return Object.fromEntries(
    providers.all.map(({ slug, credentialFields }) => {
      const names = new Set(credentialFields.map(({ name }) => name));
      const given = Object.entries(sandbox.credentials(slug, account)).filter(([name]) => names.has(name));
      return [slug, Object.fromEntries(given)];
    }),
  );
}
