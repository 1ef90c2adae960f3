import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { badRequest } from "../errors.js";
import type { Org } from "../org.js";
import { User } from "../schema/company.js";
import { CLIENT_ID, CLIENT_SECRET, accountOfRefreshToken, sessionToken } from "../tokens.js";
import { handler, originOf, type Call, type Service } from "./call.js";

export const OAUTH_PATH = "/services/oauth2/";

/** Tokens, and whose they are. */
export function addOAuthRoutes(app: FastifyInstance, service: Service): void {
  app.post(`${OAUTH_PATH}token`, (request, reply) => issueToken(service, request, reply));
  app.get(`${OAUTH_PATH}userinfo`, handler(service, userInfo));
  app.get("/id/:org/:user", handler(service, identity));
}

export function identityUrl(org: Org, origin: string): string {
  return `${origin}/id/${org.id}/${org.userId}`;
}

export function refuseGrant(reply: FastifyReply): FastifyReply {
  return refuse(reply, "invalid_grant", "expired access/refresh token");
}

function issueToken({ accounts, options }: Service, request: FastifyRequest, reply: FastifyReply): unknown {
  const form = request.body;
  if (!(form instanceof URLSearchParams)) return refuse(reply, "invalid_request", "a form is expected");
  if (form.get("client_id") !== CLIENT_ID) {
    return refuse(reply, "invalid_client_id", "client identifier invalid");
  }
  if (!isSecret(form.get("client_secret") ?? "")) return refuse(reply, "invalid_client", "invalid client credentials");
  if (form.get("grant_type") !== "refresh_token") {
    return refuse(reply, "unsupported_grant_type", "grant type not supported");
  }
  const name = accountOfRefreshToken(form.get("refresh_token") ?? "");
  const account = name === null ? null : accounts.get(name);
  if (name === null || !account) return refuseGrant(reply);
  const issuedAt = String(options.now());
  const origin = originOf(request);
  const id = identityUrl(account.org, origin);
  return {
    access_token: sessionToken(name, options.now()),
    signature: createHmac("sha256", CLIENT_SECRET)
      .update(id + issuedAt)
      .digest("base64"),
    scope: "refresh_token api",
    instance_url: origin,
    id,
    token_type: "Bearer",
    issued_at: issuedAt,
  };
}

function isSecret(given: string): boolean {
  const digest = (text: string) => createHmac("sha256", CLIENT_ID).update(text).digest();
  return timingSafeEqual(digest(given), digest(CLIENT_SECRET));
}

function refuse(reply: FastifyReply, error: string, description: string): FastifyReply {
  return reply.code(400).send({ error, error_description: description });
}

function userInfo({ org }: Call) {
  const user = caller(org);
  return {
    sub: org.userId,
    user_id: org.userId,
    organization_id: org.id,
    preferred_username: user.Username,
    name: user.Name,
    email: user.Email,
    zoneinfo: user.TimeZoneSidKey,
    active: user.IsActive,
  };
}

function identity({ org, request }: Call) {
  const user = caller(org);
  return {
    id: identityUrl(org, originOf(request)),
    user_id: org.userId,
    organization_id: org.id,
    username: user.Username,
    display_name: user.Name,
    email: user.Email,
    timezone: user.TimeZoneSidKey,
    active: user.IsActive,
  };
}

function caller(org: Org) {
  const user = org.row(User, org.userId);
  if (!user) throw badRequest("INVALID_USER_ID", "the user of this session is gone");
  return user;
}
