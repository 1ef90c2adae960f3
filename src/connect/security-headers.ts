import type { FastifyReply } from "fastify";

const YEAR_S = 365 * 24 * 60 * 60;

/** The headers of every page. */
export function securityHeaders(secure: boolean): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(null),
    // Frames are an invitation to trick people into a click; a window of its own also shows them whose page it is.
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    // Nothing of the addresses leaves, but forms still say where they come from.
    "referrer-policy": "same-origin",
    // Any other value would cut the tie to the page that opened the window and waits for its message.
    "cross-origin-opener-policy": "unsafe-none",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
    ...(secure ? { "strict-transport-security": `max-age=${YEAR_S}` } : {}),
  };
}

/**
 * Browsers also hold the redirects that follow a form to `form-action`, so a form at whose end the end user is sent back to
 * the app has to name the app.
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
