import { lenient, list, object, text } from "../../../upstream/decode.js";
import type { StatedRateLimit, UpstreamResponse } from "../../../upstream/request.js";
import { membersOf } from "../../kit/answer.js";
import { classifier, type Finding } from "../../kit/classifier.js";
import { PROVIDER_NAME } from "./dialect.js";

const PHONE = "Twenty does not accept this phone number.";
const FIELD = "Twenty does not accept this field or this value.";
/** The workspace does not have the field. */
export const NO_FIELD = "This Twenty workspace does not have this field.";
const REFERENCE = "A record that the input refers to does not exist.";

const LINK = "Twenty refused a link that is not the address of a web page, such as https://example.com.";
const TAKEN =
  "The workspace has another record with a value that must be unique, such as the first e-mail address of a person. It can be one that is deleted: Twenty keeps deleted records until people destroy them.";

/** Twenty answers 400 for every exception, also if its database or its cache is not reachable. Recorded from Twenty 2.21. */
const DATABASE_AWAY =
  /connect (ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)|read ECONNRESET|getaddrinfo|connection terminated|terminating connection|too many clients|remaining connection slots|database system is|query read timeout/i;

/** Meanings of a 400, which only its text shows. crmesh never shows the texts, because some come from the database. */
const REFUSALS: readonly (readonly [words: RegExp, finding: (name: string) => Finding])[] = [
  [/record not found|could not find any entity/i, () => ({ verdict: "NOT_FOUND" })],
  [/duplicate (key|entry)/i, () => ({ verdict: "DUPLICATE", detail: TAKEN })],
  [/URL of the link is not valid/i, () => ({ verdict: "INVALID", errors: {}, detail: LINK })],
  [/phone number|(calling|country) code/i, () => ({ verdict: "INVALID", errors: { phones: PHONE } })],
  [/enum [^"]*"[a-zA-Z]+_(\w+)_enum"/, (name) => ({ verdict: "INVALID", errors: { [name]: FIELD } })],
  [/doesn't have any "(\w+)" field/i, (name) => ({ verdict: "INVALID", errors: { [name]: NO_FIELD } })],
  [/\bfield ["'](\w+)["']/i, (name) => ({ verdict: "INVALID", errors: { [name]: FIELD } })],
  [/foreign key/i, () => ({ verdict: "INVALID", errors: {}, detail: REFERENCE })],
  [
    /(?:)/,
    () => ({
      verdict: "INVALID",
      errors: {},
      detail: "Twenty refused the request for a reason that crmesh does not recognise.",
    }),
  ],
];

export const classify = classifier({
  providerName: PROVIDER_NAME,
  // A bucket of 100 a minute has its next token after 0.6 s.
  limitedS: 1,
  fault(body, { status }) {
    const { error, messages, message, code: reason } = membersOf(body);
    const code = typeof error === "string" && /^\w{1,60}$/.test(error) ? error : undefined;
    const text = [messages, message].flat().join("\n");
    if (/limit reached|too many requests/i.test(text)) return { code, verdict: "RATE_LIMITED" };
    // A revoked or expired key has the status of a missing permission, and a missing permission that of a wrong input.
    if (/missing authentication token|api key is (revoked|expired)|token has expired/i.test(text))
      return { code, verdict: "CREDENTIAL" };
    if (reason === "PERMISSION_DENIED" || /does not have permission/i.test(text))
      return { code, verdict: "PERMISSION" };
    if (DATABASE_AWAY.test(text)) return { code, verdict: "UNAVAILABLE" };
    // Twenty's own errors have a name.
    if (status === 404 && code === undefined) {
      return { verdict: "ERROR", detail: "There is no Twenty API at this address." };
    }
    if (status !== 400) return { code };
    const [words, finding] = REFUSALS.find(([each]) => each.test(text))!;
    return { code, ...finding(words.exec(text)![1] ?? "") };
  },
});

const refusal = lenient(object({ messages: lenient(list(text)) }));

/** Only a refusal states the limit: `Limit reached (100 tokens per 60000 ms)`. */
export function rateLimit({ status, isJson, body }: UpstreamResponse): StatedRateLimit | undefined {
  if (status !== 429 || !isJson) return undefined;
  const words = body.decode(refusal)?.messages?.join(" ") ?? "";
  const [, tokens, ms] = /\((\d{1,9}) tokens per (\d{1,9}) ms\)/.exec(words) ?? [];
  return tokens === undefined ? undefined : { limit: Number(tokens), remaining: 0, windowMs: Number(ms) };
}
