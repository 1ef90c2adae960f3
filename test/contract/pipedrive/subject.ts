import { pipedrive } from "../../../src/providers/crm/pipedrive/index.js";
import { pipedriveSandbox } from "../../../src/sandbox/crms/pipedrive/index.js";
import type { ContractSubject } from "../subject.js";
import { contact } from "./contact.js";
import { lead } from "./lead.js";
import { meeting } from "./meeting.js";
import { openPipedrive } from "./native-client.js";

const DAY_S = 86_400;

export const pipedriveSubject: ContractSubject = {
  provider: pipedrive,
  sandbox: pipedriveSandbox,
  oauthClient: { id: "crmesh-sandbox", secret: "sandbox-secret" },
  openNative: openPipedrive,
  absentId: (resource, index) =>
    resource === "lead" ? `00000000-0000-4000-9000-${String(index).padStart(12, "0")}` : String(90_000_000 + index),
  collate: (one, other) => (one < other ? -1 : one > other ? 1 : 0),
  isEmpty: (native) => native === null || native === undefined || (Array.isArray(native) && native.length === 0),
  requestedFields: () => null,
  selectsFields: false,
  isWrite: ({ method }) => method !== "GET",
  wrongCredentials: ({ apiDomain }) => ({ accessToken: "pd-forged-token-0123456789", apiDomain: apiDomain! }),
  // After too many calls, the content network refuses requests. This says nothing about the credential.
  faultCodes: { EDGE_HTML: "PROVIDER_RATE_LIMITED" },
  times: {
    precisionMs: 1000,
    allDay: true,
    native(start, end, isAllDay) {
      const lastsS = (end.getTime() - start.getTime()) / 1000;
      return {
        due_date: start.toISOString().slice(0, 10),
        due_time: isAllDay ? null : start.toISOString().slice(11, 19),
        duration: isAllDay && lastsS === DAY_S ? null : clock(lastsS),
      };
    },
  },
  // Numerical fields are of the type double. Source: developers.pipedrive.com, "PersonFields".
  longNumbers: "ROUNDED",
  resources: { contact, lead, meeting },
  laggingFilter: ({ emails }) => ({ email: (emails as { address: string }[])[0]!.address }),
};

function clock(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return [hours, minutes, seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
