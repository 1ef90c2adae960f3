import { membersOf } from "../../kit/answer.js";
import { classifier, type Verdict } from "../../kit/classifier.js";
import { peopleText } from "../../kit/people-text.js";
import { readText } from "../../mapping/json-dialect.js";
import { PROVIDER_NAME } from "./dialect.js";

/**
 * Codes that are more precise than their HTTP status. Microsoft's own pages disagree on the statuses.
 * Source: learn.microsoft.com, "Service protection API limits", "Manage duplicate detection", "Web service error
 * codes".
 */
const CODES: readonly (readonly [Verdict, ...string[]])[] = [
  ["RATE_LIMITED", "0x80072321", "0x80072322", "0x80072326", "0x8005f103", "0x80060308"],
  ["DUPLICATE", "0x80040333", "0x80060892"],
  ["NOT_FOUND", "0x80040217"],
  ["UNSUPPORTED", "0x8006088a"],
  ["PERMISSION", "0x80040220", "0x80072560"],
];
const TOO_LONG = "0x80044331";
/** A plug-in or a workflow of the organization refuses the record, with a text that its developer wrote for people. */
const PLUG_IN: ReadonlySet<string> = new Set(["0x80040265", "0x80048d0a", "0x80045041"]);
const WRONG_STATUS = "0x80048408";

export const classify = classifier({
  providerName: PROVIDER_NAME,
  // Used only if a refusal lacks Retry-After: Dataverse states the wait in every refusal. The window is five minutes.
  limitedS: 60,
  fault(body, { status, headers }) {
    const error = membersOf(membersOf(body)["error"]);
    const code = readText(error["code"])?.toLowerCase();
    const about = { code, requestId: readText(headers["x-ms-service-request-id"]) ?? undefined };
    const verdict = CODES.find(([, ...codes]) => code !== undefined && codes.includes(code))?.[0];
    // A 401 may have any body, so its code does not count.
    if (verdict && status !== 401) return { ...about, verdict };
    if (status === 404 && body === undefined) {
      return { ...about, verdict: "UNSUPPORTED", detail: "There is no Dataverse Web API at this address." };
    }
    if (code !== undefined && PLUG_IN.has(code)) {
      const words = peopleText(error["message"]);
      const refused = "A plug-in of this Dynamics 365 organization refuses the record.";
      return { ...about, verdict: "INVALID", detail: words === undefined ? refused : `${refused} It says: ${words}` };
    }
    return status === 400 ? { ...about, errors: fieldFaults(code, String(error["message"])) } : about;
  },
});

/** Reads the wrong column from the text, which alone names it. */
function fieldFaults(code: string | undefined, message: string): Record<string, string> {
  const [, one, other] =
    /(?:property|property named|attribute|value of) '(\w+)'|'(\w+)' attribute/i.exec(message) ?? [];
  const column = code === WRONG_STATUS ? "statuscode" : (one ?? other);
  const sentence =
    code === TOO_LONG ? "This text is longer than NAME can store. Shorten it." : "NAME refuses this value.";
  return column === undefined ? {} : { [column]: sentence.replace("NAME", PROVIDER_NAME) };
}
