import type { FastifyInstance } from "fastify";
import { badRequest } from "../errors.js";
import type { Org } from "../org.js";
import { User } from "../schema/company.js";
import { handler, originOf, type Call, type Service } from "./call.js";

/** Whose a session is. */
export function addIdentityRoutes(app: FastifyInstance, service: Service): void {
  app.get("/services/oauth2/userinfo", handler(service, userInfo));
  app.get("/id/:org/:user", handler(service, identity));
}

export function identityUrl(org: Org, origin: string): string {
  return `${origin}/id/${org.id}/${org.userId}`;
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
