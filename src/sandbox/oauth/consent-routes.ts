import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import { DEMO_ACCOUNT, isAccountName } from "../kit/accounts.js";
import { parametersOf } from "../kit/request.js";
import type { AuthorizationCodes } from "./authorization-codes.js";
import {
  type AuthorizationFault,
  type AuthorizationRequest,
  type AuthorizationRules,
  readAuthorizationRequest,
  type RefusedRequest,
} from "./authorization-request.js";
import { consentPage, type PageWords, refusalPage, sendPage } from "./pages.js";
import { redirectTarget } from "./redirects.js";

/** Lifetime of a consent page in ms. */
const PAGE_LIFETIME = 10 * 60 * 1000;
const MAX_PAGES = 10_000;
/** Characters of all requests of open pages together. */
const MAX_PAGES_SIZE = 16 * 1024 * 1024;
/** Bytes. Larger than any consent form. */
const BODY_LIMIT = 64 * 1024;

/** The messages for faults, if the CRM's own words are not known. */
const MESSAGES: Readonly<Record<AuthorizationFault, string>> = {
  REPEATED_PARAMETER: "A parameter was given twice.",
  CLIENT: "There is no app with this client_id.",
  REDIRECT_URI: "The redirect_uri is not one of the app’s.",
  RESPONSE_TYPE: "The response_type must be code.",
  SCOPE: "There is no such scope.",
  CODE_CHALLENGE: "The code_challenge is not valid.",
};

type ErrorCodes = Readonly<Partial<Record<AuthorizationFault, string>>>;

/** The errors of RFC 6749, section 4.1.2.1. The app gets them at its redirect URI. The user sees all other faults. */
const ERROR_CODES: ErrorCodes = {
  RESPONSE_TYPE: "unsupported_response_type",
  SCOPE: "invalid_scope",
  CODE_CHALLENGE: "invalid_request",
};

/** The consent page of one CRM and its rules. */
export interface ConsentSettings {
  readonly path: string;
  readonly rules: AuthorizationRules;
  readonly words: PageWords;
  /** The `error_description` of `access_denied`. */
  readonly denied: string;
  /** Further parameters of the redirect to the app. */
  readonly callbackParameters?: Readonly<Record<string, string>>;
  /** The CRM's own words for faults. */
  readonly messages?: Readonly<Partial<Record<AuthorizationFault, string>>>;
  readonly errorCodes?: ErrorCodes;
}

interface OpenPage {
  readonly request: AuthorizationRequest;
  readonly expiresAt: number;
}

export interface ConsentOptions {
  readonly codes: AuthorizationCodes;
  now: () => number;
  /** Whether a redirect URI is one of the app's. */
  isRedirectUri: (text: string) => boolean;
}

/** Adds the page on which a user allows or denies the requests of an app. The scope must parse forms. */
export function addConsentRoutes(
  app: FastifyInstance,
  settings: ConsentSettings,
  { codes, now, isRedirectUri }: ConsentOptions,
): void {
  const { path, rules, words } = settings;
  const pages = new LRUCache<string, OpenPage>({
    max: MAX_PAGES,
    maxSize: MAX_PAGES_SIZE,
    sizeCalculation: ({ request }) => JSON.stringify(request).length,
  });

  function show(reply: FastifyReply, request: AuthorizationRequest, ticket: string, account: string): FastifyReply {
    const isName = isAccountName(account);
    const page = {
      ticket,
      scopes: request.scopes.map((scope) => rules.scopes[scope] ?? scope),
      destination: new URL(request.redirectUri).origin,
      account,
      problem: isName ? null : "An account’s name is 1 to 40 small letters, digits and hyphens.",
    };
    return sendPage(reply, isName ? 200 : 400, consentPage(words, page));
  }

  app.get(path, (request, reply) => {
    const read = readAuthorizationRequest(parametersOf(request), rules, isRedirectUri);
    if ("fault" in read) return refuse(reply, settings, read);
    const ticket = randomBytes(16).toString("base64url");
    pages.set(ticket, { request: read, expiresAt: now() + PAGE_LIFETIME });
    return show(reply, read, ticket, DEMO_ACCOUNT);
  });

  app.post(path, { bodyLimit: BODY_LIMIT }, (request, reply) => {
    const form = formOf(request);
    const ticket = form.get("consent") ?? "";
    const page = pages.get(ticket);
    if (!page || page.expiresAt <= now()) {
      return sendPage(reply, 400, refusalPage(words, "This page is no longer valid.", ""));
    }
    const { redirectUri, state, scopes, codeChallenge } = page.request;
    if (form.get("decision") !== "allow") {
      return redirect(reply, redirectUri, { error: "access_denied", error_description: settings.denied, state });
    }
    const account = form.get("account") ?? "";
    if (!isAccountName(account)) return show(reply, page.request, ticket, account);
    const code = codes.issue({ account, scopes, redirectUri, codeChallenge });
    return redirect(reply, redirectUri, { code, state, ...settings.callbackParameters });
  });
}

/** The form in the request's body. Empty if there is none. */
export function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

function refuse(
  reply: FastifyReply,
  { words, messages, errorCodes = ERROR_CODES }: ConsentSettings,
  refused: RefusedRequest,
): FastifyReply {
  const message = messages?.[refused.fault] ?? MESSAGES[refused.fault];
  const error = errorCodes[refused.fault];
  if (error === undefined || refused.answerTo === null) {
    return sendPage(reply, 400, refusalPage(words, message, refused.given));
  }
  const { redirectUri, state } = refused.answerTo;
  return redirect(reply, redirectUri, { error, error_description: message, state });
}

function redirect(reply: FastifyReply, redirectUri: string, answer: Record<string, string | null>): FastifyReply {
  return reply
    .code(302)
    .headers({ location: redirectTarget(redirectUri, answer), "cache-control": "no-store" })
    .send();
}
