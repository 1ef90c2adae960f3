import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { isUpstreamNotFound } from "../../kit/adapter-kit.js";
import { membersOf } from "../../kit/answer.js";
import { classifier, type Finding } from "../../kit/classifier.js";
import { isRpcEnvelope } from "./answers.js";
import { peopleText } from "../../kit/people-text.js";
import { existingIds } from "./api.js";
import { PROVIDER_NAME } from "./dialect.js";

/** Exceptions whose messages Odoo writes for its users. */
const FOR_USERS = new Set([
  "odoo.exceptions.ValidationError",
  "odoo.exceptions.UserError",
  "odoo.exceptions.RedirectWarning",
]);

/** Exceptions of a database that is not reachable or busy. Recorded from Odoo 17 and 19. */
const PASSING =
  /^(psycopg2\.(OperationalError|InterfaceError|errors\.(SerializationFailure|DeadlockDetected|LockNotAvailable|AdminShutdown|CannotConnectNow|TooManyConnections|QueryCanceled))|odoo\.exceptions\.LockError)$/;

/** Odoo has no code for a field that the user may not use, and writes the message in the user's language. */
const ACCESS_ERROR = "odoo.exceptions.AccessError";
const NO_FIELD = "This needs a field that the Odoo database does not have.";

/** Whether Odoo may have refused a call because of one field. */
export const mayBeField = ({ details: { upstream, detail } }: CrmError) =>
  upstream?.code === ACCESS_ERROR || detail === NO_FIELD;

const APP_MISSING = "The Odoo app that stores these records is not installed.";

/** No page of the API is at this path. Another API of Odoo may be there, so crmesh logs in again and finds out. */
const NO_API: Finding = { verdict: "CREDENTIAL", detail: "There is no Odoo API at this address." };

/**
 * JSON-2 sends the exception that ended a call with a status of its own, and JSON-RPC sends it with status 200, inside the
 * envelope. Pages of HTML come from the server in front of Odoo, or say that there is no such path.
 */
export const classify = classifier({
  providerName: PROVIDER_NAME,
  // Odoo Online does not say how long it throttles. 5 s is longer than SHORT_WAIT_MS, so callers see the error and slow
  // down.
  limitedS: 5,
  fault(body, { status }) {
    const exception = membersOf(body);
    if (typeof exception["name"] === "string") return json2Fault(exception, status);
    if (status === 401 || status === 403) {
      return { verdict: "PERMISSION", detail: "The server at Odoo’s address refuses calls to its API." };
    }
    return status === 404 || status === 410 ? NO_API : {};
  },
  success(body, { isJson }) {
    if (!isJson) return { detail: "Odoo’s response is not JSON." };
    const { error } = membersOf(body);
    return error && isRpcEnvelope(body) ? rpcFault(membersOf(membersOf(error)["data"])) : null;
  },
});

/** JSON-2 itself refuses a call with an exception of its web framework. */
function json2Fault(exception: Readonly<Record<string, unknown>>, status: number): Finding {
  const code = String(exception["name"]);
  if (!code.startsWith("werkzeug.")) {
    // Another transaction has locked the record.
    return status === 409 ? { verdict: "UNAVAILABLE", code } : rpcFault(exception);
  }
  if (status === 404) {
    const isModel = /^the model /.test(String(exception["message"]));
    if (isModel) return { verdict: "UNSUPPORTED", code, detail: APP_MISSING };
  }
  return { code, ...(status === 404 && { verdict: "ERROR" }) };
}

/** Interprets the exception that ended a call. Never reads `debug`, which contains Python tracebacks. */
function rpcFault({ name, message, arguments: given }: Readonly<Record<string, unknown>>): Finding {
  const code = typeof name === "string" ? name : "unknown";
  // The message of a RedirectWarning is its arguments as Python spells them. The first one is the text for people.
  const [first] = Array.isArray(given) ? (given as unknown[]) : [];
  const said = code === "odoo.exceptions.RedirectWarning" ? first : message;
  const text = typeof said === "string" ? said : "";
  if (code === "odoo.exceptions.AccessDenied") return { verdict: "CREDENTIAL", code };
  if (code === ACCESS_ERROR) return { verdict: "PERMISSION", code, detail: "The Odoo user lacks a permission." };
  if (code === "builtins.ValueError" && text.startsWith("Invalid field ")) {
    return { verdict: "FINAL", code, detail: NO_FIELD };
  }
  if (code === "odoo.exceptions.MissingError") return { verdict: "NOT_FOUND", code };
  if (code === "psycopg2.OperationalError" && /database .+ does not exist/.test(text)) {
    return { verdict: "PERMISSION", code, detail: "Odoo has no database with this name." };
  }
  // PostgreSQL holds only short texts in an index. Of what crmesh writes, Odoo has names in one.
  if (code === "psycopg2.errors.ProgramLimitExceeded") return { verdict: "INVALID", code, errors: TOO_LONG };
  // The database's server is away, or has ended the call for another one.
  if (PASSING.test(code)) return { verdict: "UNAVAILABLE", code };
  if (!FOR_USERS.has(code)) return /^(builtins|psycopg2)\./.test(code) ? { verdict: "FINAL", code } : { code };
  if (/^Object \S+ doesn't exist$/.test(text)) {
    return { verdict: "UNSUPPORTED", code, detail: APP_MISSING };
  }
  return { verdict: "INVALID", code, errors: fieldFaults(text), detail: userMessage(text) };
}

/** Reads the field from the only message that names one, the violation of NOT NULL, in the words of Odoo 17 and of 19. */
function fieldFaults(message: string): Record<string, string> {
  const field = (/^Field: .*\((\w+)\)\s*$/m.exec(message) ??
    /Missing required value for the field .*\((\w+)\)/.exec(message))?.[1];
  return field === undefined ? {} : { [field]: "Odoo needs a value here." };
}

const TOO_LONG = { name: "Odoo’s database cannot store such a long name. Shorten it." };

/** Omits messages with a traceback. A customer's own modules sometimes wrap a traceback into a message for users. */
function userMessage(message: string): string | undefined {
  const words = peopleText(message);
  return words === undefined ? undefined : `Odoo: ${words}`;
}

/** The relations that inputs write by id. */
const REFERENCES: Readonly<Record<string, string>> = {
  user_id: "res.users",
  parent_id: "res.partner",
  partner_id: "res.partner",
  partner_ids: "res.partner",
  opportunity_id: "crm.lead",
};

/**
 * Explains why Odoo refused a write. If the input refers to a record that does not exist, Odoo's error names neither
 * field nor record, or says that the written record is missing. So this function looks up all references.
 * @param customReferences the names of the written custom fields that refer to records
 */
export async function explainRefusal(
  context: ProviderContext,
  id: number | null,
  native: NativeRecord,
  error: unknown,
  customReferences: () => Promise<readonly string[]>,
): Promise<unknown> {
  const isMissing = isUpstreamNotFound(error);
  const isUnexplained =
    error instanceof CrmError && error.code === "INVALID_INPUT" && Object.keys(error.details.errors ?? {}).length === 0;
  if (!isMissing && !isUnexplained) return error;
  // A failure of this look-up must not hide the original error.
  const broken = await brokenReferences(context, native).catch(() => ({}));
  if (Object.keys(broken).length > 0) return invalidInput(broken);
  const custom = await customReferences().catch(() => []);
  if (custom.length > 0) {
    const may = custom.map((name) => [name, `Odoo may have no record with the id ${String(native[name])}.`] as const);
    return invalidInput(Object.fromEntries(may), isMissing ? {} : (error as CrmError).details);
  }
  return isMissing && id === null
    ? invalidInput({}, { detail: "A record that the input refers to does not exist." })
    : error;
}

async function brokenReferences(context: ProviderContext, native: NativeRecord): Promise<Record<string, string>> {
  const broken: Record<string, string> = {};
  for (const [field, model] of Object.entries(REFERENCES)) {
    const ids = referredIds(native[field]);
    if (ids.length === 0) continue;
    const existing = await existingIds(context, model, ids);
    const missing = ids.filter((each) => !existing.has(each));
    if (missing.length > 0) broken[field] = `Odoo has no record with the id ${missing.join(", ")}.`;
  }
  return broken;
}

/** The ids in a many2one's value, or in the command that sets a many2many. */
function referredIds(value: unknown): number[] {
  if (typeof value === "number") return [value];
  const command: unknown = Array.isArray(value) ? value[0] : null;
  return Array.isArray(command) ? (command[2] as number[]) : [];
}
