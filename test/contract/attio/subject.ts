import { attio } from "../../../src/providers/crm/attio/index.js";
import { attioSandbox } from "../../../src/sandbox/crms/attio/index.js";
import type { ContractSubject } from "../subject.js";
import { contact } from "./contact.js";
import { meeting } from "./meeting.js";
import { openAttio } from "./native-client.js";

const collator = new Intl.Collator("en");

export const attioSubject: ContractSubject = {
  provider: attio,
  sandbox: attioSandbox,
  oauthClient: { id: "crmesh-sandbox", secret: "sandbox-secret" },
  openNative: openAttio,
  absentId: (_resource, index) => `00000000-0000-4000-9000-${String(index).padStart(12, "0")}`,
  collate: (one, other) => collator.compare(one, other),
  isEmpty: (native) => native === null || native === "" || (Array.isArray(native) && native.length === 0),
  // Attio always returns whole records, whatever a request selects.
  requestedFields: () => null,
  selectsFields: false,
  isWrite: ({ method, url }) =>
    method === "PUT" || method === "PATCH" || method === "DELETE" || (method === "POST" && !url.endsWith("/query")),
  wrongCredentials: () => ({ accessToken: "attio-forged-token-0123456789" }),
  // Attio has no refresh tokens, so nothing more is known of a refused token.
  faultCodes: { NEEDS_REAUTH: "PROVIDER_AUTH_FAILED" },
  times: {
    precisionMs: 1,
    allDay: true,
    native: (start, end, isAllDay) =>
      isAllDay
        ? { is_all_day: true, start: { date: day(start) }, end: { date: day(end) } }
        : { is_all_day: false, start: { datetime: start.toISOString() }, end: { datetime: end.toISOString() } },
  },
  // Numbers are taken for 64-bit floats, which no document of Attio confirms.
  longNumbers: "ROUNDED",
  resources: { contact, meeting },
  mobilePhone: { number: "+491515550000" },
};

function day(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
