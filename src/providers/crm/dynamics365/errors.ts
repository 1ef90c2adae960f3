import type { CrmError } from "../../../errors/crm-error.js";
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

const REFUSED_VALUE = `${PROVIDER_NAME} refuses this value.`;
const ABSENT_COLUMN = `${PROVIDER_NAME} does not have this column here.`;
const TOO_LONG_TEXT = `This text is longer than ${PROVIDER_NAME} can store. Shorten it.`;

/**
 * Only the text tells an absent column from a wrong value: their codes are the same, or differ from version to version.
 * Source: learn.microsoft.com, "Troubleshoot Dataverse Web API client errors".
 */
const ABSENT = new RegExp(
  [
    /could not find a property named '(\w+)'/,
    /(?:invalid|undeclared) property '(\w+)/,
    /property '(\w+)' on type '[\w.]+' is not a navigation property/,
    /doesn't contain attribute with name ?= ?'(\w+)'/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);

/** Reads the wrong column from the text, which alone names it. */
function fieldFaults(code: string | undefined, message: string): Record<string, string> {
  const absent = ABSENT.exec(message)?.slice(1).find(Boolean);
  if (absent !== undefined) return { [absent]: ABSENT_COLUMN };
  const [, one, other] =
    /(?:property|property named|attribute|value of) '(\w+)'|'(\w+)' attribute/i.exec(message) ?? [];
  const column = code === WRONG_STATUS ? "statuscode" : (one ?? other);
  return column === undefined ? {} : { [column]: code === TOO_LONG ? TOO_LONG_TEXT : REFUSED_VALUE };
}

/** Whether Dataverse refused a call because the table has no such column. Refusals of values do not count. */
export function isAbsentColumn({ details }: CrmError): boolean {
  return details.upstream?.status === 400 && Object.values(details.errors ?? {}).includes(ABSENT_COLUMN);
}
