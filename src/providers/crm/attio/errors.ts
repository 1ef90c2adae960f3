import { retryAfterSeconds } from "../../../upstream/retry-after.js";
import { membersOf, objectsIn } from "../../kit/answer.js";
import { classifier, type Finding, type Verdict } from "../../kit/classifier.js";
import { readText } from "../../mapping/json-dialect.js";
import { PROVIDER_NAME } from "./dialect.js";

const VERDICTS: Readonly<Record<string, Verdict>> = {
  uniqueness_conflict: "DUPLICATE",
  validation_type: "INVALID",
  value_not_found: "INVALID",
  immutable_value: "INVALID",
  system_edit_unauthorized: "INVALID",
  multiple_match_results: "INVALID",
  missing_value: "MISSING",
};
const REFUSED = `${PROVIDER_NAME} refuses this value.`;

/** Source: docs.attio.com, REST API, errors of each endpoint; guide "Rate limiting". */
export const classify = classifier({
  providerName: PROVIDER_NAME,
  limitedS: 1,
  fault(body, { status, headers }): Finding {
    const code = readText(membersOf(body)["code"]) ?? "";
    const verdict = status === 400 ? VERDICTS[code] : undefined;
    const isPlan = code === "billing_error" || code === "quota_exceeded";
    return {
      ...(code && { code }),
      ...(verdict && { verdict, ...fieldErrors(membersOf(body)) }),
      ...(isPlan && { detail: "The plan of this Attio workspace does not include this feature." }),
      // Attio's Retry-After is an HTTP date in whole seconds, so the computed wait can be 0.
      ...(status === 429 && { retryAfter: Math.max(1, retryAfterSeconds(headers["retry-after"], Date.now()) ?? 1) }),
    };
  },
  // Token introspection (`/v2/self`) returns 200 even for an invalid token.
  success: (body) => (membersOf(body)["active"] === false ? { verdict: "CREDENTIAL" } : null),
});

/**
 * Reads the names of the wrong fields. Only the message names a wrong attribute. Other members of a body are named by
 * their path.
 */
function fieldErrors({ message, validation_errors: issues }: Readonly<Record<string, unknown>>): Finding {
  const slug = /attribute with slug(?:\/ID)? "([^"]+)"/.exec(String(message))?.[1];
  const named = objectsIn(issues).map(({ path, keys, message: text }) => {
    const parts = [path, keys].flat().filter((part) => typeof part === "string" && !["data", "values"].includes(part));
    return { name: slug ?? parts[0], text: readText(text) ?? REFUSED };
  });
  const all = new Map<string, string>(slug === undefined ? [] : [[slug, REFUSED]]);
  for (const { name, text } of named) if (typeof name === "string") all.set(name, text);
  return all.size > 0
    ? { errors: Object.fromEntries(all) }
    : { detail: `${PROVIDER_NAME} refused the request without naming a field.` };
}
