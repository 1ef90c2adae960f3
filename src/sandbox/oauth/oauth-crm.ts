import type { FastifyInstance } from "fastify";
import { Accounts } from "../kit/accounts.js";
import { serveApi, type Api } from "../kit/api.js";
import type { SandboxCrm, SandboxCrmContext } from "../kit/crm.js";
import { faultSpeaker, type ApiFaults, type TokenFaults } from "../kit/faults.js";
import { accessOf, type Access } from "./access.js";
import {
  addAuthorizationServer,
  authorizationCodes,
  sandboxCredentials,
  type OAuthSettings,
} from "./authorization-server.js";
import { addConsentRoutes } from "./consent-routes.js";
import { readForms } from "./forms.js";
import { sendFailure } from "./pages.js";

/** The services that the API of a CRM gets. */
export interface Serving<Account> {
  readonly context: SandboxCrmContext;
  /** Looks up an access token. */
  accessOf: (token: string) => Access<Account>;
}

/** A CRM that authorizes apps by OAuth. */
export interface OAuthCrm<Account> extends Pick<
  SandboxCrm,
  "slug" | "imitates" | "differences" | "typedCredential" | "rotatesRefreshTokens" | "edgePage" | "maxUrlBytes"
> {
  readonly oauth: OAuthSettings<Account>;
  /** Adds the CRM's own routes to its authorization server, whose scope reads only forms. */
  addOAuthRoutes?(app: FastifyInstance, context: SandboxCrmContext): void;
  /** Makes a connection's credentials from the tokens, for a server at this origin. Defaults to the tokens. */
  credentials?(tokens: Record<string, string>, origin: string): Record<string, string>;
  readonly faults: ApiFaults;
  /**
   * By default, PROVIDER_AUTH_FAILED does not affect the token endpoint, and NEEDS_REAUTH refuses the refresh token.
   */
  readonly tokenFaults?: TokenFaults;
  /** Makes an account with its data. */
  account(name: string, context: SandboxCrmContext): Account;
  api(serving: Serving<Account>): Api<Account>;
}

/** Makes an imitated CRM with an authorization server and an API. */
export function oauthCrm<Account>(crm: OAuthCrm<Account>): SandboxCrm {
  const {
    oauth,
    faults,
    tokenFaults,
    slug,
    imitates,
    differences,
    edgePage,
    maxUrlBytes,
    rotatesRefreshTokens = false,
  } = crm;
  return {
    slug,
    imitates,
    ...(differences && { differences }),
    hasOAuth: true,
    rotatesRefreshTokens,
    ...(edgePage && { edgePage }),
    ...(maxUrlBytes !== undefined && { maxUrlBytes }),
    credentials(account, origin, now, grant) {
      const tokens = sandboxCredentials(oauth, account, now, grant);
      return crm.credentials?.(tokens, origin) ?? tokens;
    },
    typedCredential: (account) => crm.typedCredential(account),
    speakFault: faultSpeaker(
      faults,
      { PROVIDER_AUTH_FAILED: null, NEEDS_REAUTH: oauth.refusals.REFRESH_TOKEN, ...tokenFaults },
      [...oauth.tokenPaths, ...oauth.revocationPaths],
    ),
    register(app, context) {
      const accounts = new Accounts((name) => crm.account(name, context));
      const codes = authorizationCodes(oauth, context);
      app.register(async (scope) => {
        addAuthorizationServer(scope, oauth, context, { accounts, codes });
        crm.addOAuthRoutes?.(scope, context);
      });
      serveApi(app, crm.api({ context, accessOf: (token) => accessOf(token, oauth.format, context, accounts) }));
      return (scope, isRedirectUri) => {
        readForms(scope);
        addConsentRoutes(scope, oauth.consent, { codes, now: context.now, isRedirectUri });
        scope.setErrorHandler((error, _request, reply) => sendFailure(reply, oauth.consent.words, error));
      };
    },
  };
}
