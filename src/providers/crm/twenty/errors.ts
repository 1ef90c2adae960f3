import { membersOf } from "../../kit/answer.js";
import { classifier, type Finding } from "../../kit/classifier.js";
import { PROVIDER_NAME } from "./dialect.js";

const PHONE = "Twenty does not accept this phone number.";
const FIELD = "Twenty does not accept this field or this value.";
/** The workspace does not have the field. */
export const NO_FIELD = "This Twenty workspace does not have this field.";
const REFERENCE = "A record that the input refers to does not exist.";

/** Meanings of a 400, which only its text shows. crmesh never shows the texts, because some come from the database. */
const REFUSALS: readonly (readonly [words: RegExp, finding: (name: string) => Finding])[] = [
  [/record not found|could not find any entity/i, () => ({ verdict: "NOT_FOUND" })],
  [/duplicate (key|entry)/i, () => ({ verdict: "DUPLICATE" })],
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
  limitedS: 60,
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
