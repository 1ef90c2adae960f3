import { faultSpeaker } from "../../kit/faults.js";

/** EspoCRM itself limits nothing; what does is the web server before it. */
const page = (title: string) =>
  `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n`;

export const speakFault = faultSpeaker({
  tokenPaths: [],
  api: {
    PROVIDER_ERROR: { status: 500, body: "" },
    PROVIDER_RATE_LIMITED: { status: 429, body: page("429 Too Many Requests") },
    PROVIDER_UNAVAILABLE: { status: 503, body: page("503 Service Temporarily Unavailable") },
    PROVIDER_AUTH_FAILED: { status: 403, body: "", headers: { "x-status-reason": "No read access." } },
    NEEDS_REAUTH: { status: 401, body: "" },
  },
  token: {},
});
