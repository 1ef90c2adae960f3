import type { FastifyReply } from "fastify";

const YEAR_S = 365 * 24 * 60 * 60;

/** The headers of every page. */
export function securityHeaders(secure: boolean): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(null),
    // In a frame, another page could trick the end user into a click. A window also shows whose page it is.
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    // URLs are not sent to other sites, but forms still send their origin.
    "referrer-policy": "same-origin",
    // Any other value would disconnect the opener, which waits for the window's message.
    "cross-origin-opener-policy": "unsafe-none",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
    ...(secure ? { "strict-transport-security": `max-age=${YEAR_S}` } : {}),
  };
}

/**
 * Adds the app's origin to `form-action`. Browsers apply `form-action` also to the redirects after a form, and the last
 * redirect leads back to the app.
 */
export function allowFormRedirect(reply: FastifyReply, redirectUrl: string | null): void {
  void reply.header("content-security-policy", contentSecurityPolicy(redirectUrl));
}

function contentSecurityPolicy(redirectUrl: string | null): string {
  const formTargets = redirectUrl === null ? "'self'" : `'self' ${new URL(redirectUrl).origin}`;
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    `form-action ${formTargets}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}
