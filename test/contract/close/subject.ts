import { close } from "../../../src/providers/crm/close/index.js";
import { closeSandbox } from "../../../src/sandbox/crms/close/index.js";
import type { RecordedRequest } from "../stage/recording-proxy.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { ContractSubject } from "../subject.js";
import { contact } from "./contact.js";
import { lead } from "./lead.js";
import { meeting } from "./meeting.js";
import { openClose } from "./native-client.js";
import { absentId } from "./shared.js";

export const closeSubject: ContractSubject = {
  provider: close,
  sandbox: closeSandbox,
  oauthClient: { id: "crmesh-sandbox", secret: "sandbox-secret" },
  openNative: openClose,
  absentId,
  collate: (one, other) => (one < other ? -1 : one > other ? 1 : 0),
  isEmpty: (native) =>
    native === null || native === undefined || native === "" || (Array.isArray(native) && native.length === 0),
  requestedFields,
  isWrite: ({ method, url, headers }) =>
    method === "PUT" ||
    method === "DELETE" ||
    (method === "POST" && /^\/api\/v1\/(contact|lead)\/$/.test(url) && !headers["x-http-method-override"]),
  wrongCredentials: () => ({ accessToken: "close-forged-token-0123456789" }),
  faultCodes: {},
  times: { precisionMs: 1, allDay: false, native: () => ({}) },
  // Close's documents state no limit of numbers, so the sandbox keeps every digit.
  longNumbers: "EXACT",
  inverseFields: ["contacts", "contact_ids"],
  resources: { contact, lead, meeting },
  mobilePhone: { number: "+491515550000" },
  laggingFilter: ({ emails }) => ({ email: (emails as { address: string }[])[0]!.address }),
};

/** `_fields`, wherever the request has them. */
function requestedFields({ url, body }: RecordedRequest, resource: ResourceName): readonly string[] | null {
  const { pathname, searchParams } = new URL(url, "http://close.example");
  if (pathname === "/api/v1/data/search/") {
    return (JSON.parse(body) as { _fields: Record<string, string[] | undefined> })._fields[resource] ?? null;
  }
  if (pathname === "/api/v1/activity/meeting/" && resource === "meeting") {
    return (JSON.parse(body) as { _params: { _fields: string } })._params._fields.split(",");
  }
  return pathname.startsWith(`/api/v1/${resource}/`) ? (searchParams.get("_fields")?.split(",") ?? null) : null;
}
