import { membersOf } from "../../kit/answer.js";
import { anything } from "../../../upstream/decode.js";
import { classifier, type Finding } from "../../kit/classifier.js";
import { readText } from "../../mapping/json-dialect.js";

/** Names of fields in EspoCRM's errors, each with the attribute that crmesh writes instead. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  emailAddress: "emailAddressData",
  phoneNumber: "phoneNumberData",
  account: "accountId",
  assignedUser: "assignedUserId",
};

/** A condition or an order that the role does not allow. EspoCRM 8 refuses it with 403, and EspoCRM 9 with 400. */
const NOT_ALLOWED = /^(Forbidden|Not access to)/;

/** Since EspoCRM 9, a condition with the ids of linked records of which one is deleted, or not visible to the role. */
const NO_LINKED_RECORD = /^(Record '\w+' \S+ not found|No access to '\w+')/;
export const LINKED_RECORD_MISSING = "Linked record not found";

/** The words of a reason that contain no data of a record, so that crmesh may show them. */
const REASON = /^(No [a-z]+ access|Max size should not exceed|duplicate)/i;

/** Most refusals have an empty body. EspoCRM sends the reason in the header `X-Status-Reason`. */
export const classify = classifier({
  providerName: "EspoCRM",
  limitedS: 5,
  fault(body, { status, headers, body: text }): Finding {
    const reason = headers["x-status-reason"];
    const words = String(reason ?? "");
    const code = NO_LINKED_RECORD.test(words) ? LINKED_RECORD_MISSING : REASON.exec(words)?.[0];
    // EspoCRM never sends a 404 with a page. Another server sent this page, so the record may exist.
    if (status === 404 && reason === undefined && text.decode(anything) !== "") {
      return { verdict: "UNAVAILABLE", detail: "The response did not come from EspoCRM’s API. Check the address." };
    }
    if (status === 403 && code?.startsWith("Max")) {
      return {
        verdict: "ERROR",
        code,
        detail: "Expected EspoCRM’s recordListMaxSizeLimit to be at least 200. Its administrator must raise it.",
      };
    }
    if (status === 400 && NOT_ALLOWED.test(words)) return { verdict: "PERMISSION" };
    // The body lists the existing records that the new record duplicates.
    const id = Array.isArray(body) ? membersOf(body[0])["id"] : undefined;
    if (status === 409 && (id !== undefined || code === "duplicate")) {
      return { verdict: "DUPLICATE", code: "duplicate", existingId: readText(id) ?? undefined };
    }
    const { label, data } = membersOf(membersOf(body)["messageTranslation"]);
    if (status !== 400 || label !== "validationFailure") return { code };
    const { field, type } = membersOf(data);
    const isMissing = type === "required";
    const message = isMissing ? "EspoCRM needs a value here." : `EspoCRM refuses this value (${String(type)}).`;
    const errors = { [ATTRIBUTES[String(field)] ?? String(field)]: message };
    return { verdict: isMissing ? "MISSING" : "INVALID", code: String(type), errors };
  },
  success: (body) => (membersOf(body)["deleted"] === true ? { verdict: "NOT_FOUND" } : null),
});
