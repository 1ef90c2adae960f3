import { lenient, list, object, text } from "../../../upstream/decode.js";
import type { StatedRateLimit, UpstreamResponse } from "../../../upstream/request.js";
import { membersOf } from "../../kit/answer.js";
import { classifier, type Finding } from "../../kit/classifier.js";
import { PROVIDER_NAME } from "./dialect.js";

const PHONE = "Twenty does not accept this phone number.";
const FIELD = "Twenty does not accept this field or this value.";
const REFERENCE = "A record that the input refers to does not exist.";

/** Meanings of a 400, which only its text shows. crmesh never shows the texts, because some come from the database. */
const REFUSALS: readonly (readonly [words: RegExp, finding: (name: string) => Finding])[] = [
  [/record not found|could not find any entity/i, () => ({ verdict: "NOT_FOUND" })],
  [/duplicate (key|entry)/i, () => ({ verdict: "DUPLICATE" })],
  [/phone number|(calling|country) code/i, () => ({ verdict: "INVALID", errors: { phones: PHONE } })],
  [/enum [^"]*"[a-zA-Z]+_(\w+)_enum"/, (name) => ({ verdict: "INVALID", errors: { [name]: FIELD } })],
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
    const { error, messages, message } = membersOf(body);
    const code = typeof error === "string" && /^\w{1,60}$/.test(error) ? error : undefined;
    const text = [messages, message].flat().join("\n");
    if (/limit reached|too many requests/i.test(text)) return { code, verdict: "RATE_LIMITED" };
    if (/missing authentication token/i.test(text)) return { code, verdict: "CREDENTIAL" };
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
