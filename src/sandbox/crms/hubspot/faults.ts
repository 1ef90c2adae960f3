import type { FastifyReply, FastifyRequest } from "fastify";
import type { SpokenFault } from "../../kit/crm.js";
import { expiredToken, HubSpotError, missingScopes, rateLimited } from "./errors.js";
import { BAD_REFRESH_TOKEN } from "./oauth-errors.js";
import { isOAuthPath } from "./oauth-routes.js";
import { exhaustedHeaders } from "./request-limits.js";

const HTML = "text/html; charset=utf-8";

export function speakFault(fault: SpokenFault, request: FastifyRequest, reply: FastifyReply): boolean {
  const isTokenCall = isOAuthPath(request.url.split("?")[0]!);
  switch (fault) {
    case "PROVIDER_ERROR":
      // The API fails in JSON; the token endpoint shows the other form callers meet.
      if (isTokenCall) void reply.code(500).type(HTML).send(page("500 Internal Server Error"));
      else send(reply, new HubSpotError(500, "internal error"));
      return true;
    case "PROVIDER_RATE_LIMITED":
      void reply.headers(exhaustedHeaders());
      send(reply, rateLimited("TEN_SECONDLY_ROLLING"));
      return true;
    case "PROVIDER_UNAVAILABLE":
      void reply.code(503).type(HTML).send(page("503 Service Temporarily Unavailable"));
      return true;
    case "PROVIDER_AUTH_FAILED":
      if (isTokenCall) return false;
      send(reply, missingScopes(["crm.objects.contacts.read"]));
      return true;
    case "NEEDS_REAUTH":
      // An expiry in 1970 has been seen on tokens HubSpot does not know, so callers must not read anything into the date.
      if (isTokenCall) void reply.code(400).send(BAD_REFRESH_TOKEN);
      else send(reply, expiredToken(0, Date.now()));
      return true;
  }
}

function send(reply: FastifyReply, error: HubSpotError): void {
  void reply.code(error.status).send(error.body());
}

/** What the content network in front of HubSpot answers with. */
function page(title: string): string {
  return `<html>\n<head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center><hr><center>cloudflare</center></body>\n</html>\n`;
}
