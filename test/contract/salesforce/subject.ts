import { salesforce } from "../../../src/providers/crm/salesforce/index.js";
import { salesforceSandbox } from "../../../src/sandbox/crms/salesforce/index.js";
import type { ContractSubject } from "../subject.js";
import { contact } from "./contact.js";
import { lead } from "./lead.js";
import { meeting } from "./meeting.js";
import { openSalesforce } from "./native-client.js";
import { absentId, native } from "./shared.js";
import { requestedColumns } from "./wire.js";

const MINUTE_MS = 60_000;

export const salesforceSubject: ContractSubject = {
  provider: salesforce,
  sandbox: salesforceSandbox,
  oauthClient: { id: "crmesh-sandbox", secret: "sandbox-secret" },
  openNative: openSalesforce,
  absentId,
  collate: (one, other) => (one < other ? -1 : one > other ? 1 : 0),
  isEmpty: (value) => value === null || value === undefined,
  requestedFields: requestedColumns,
  isWrite: ({ method, url }) =>
    method === "PATCH" || method === "DELETE" || (method === "POST" && /\/v66\.0\/sobjects\/\w+$/.test(url)),
  wrongCredentials: ({ instanceUrl }) => ({
    accessToken: "forged-token-0123456789",
    ...(instanceUrl === undefined ? {} : { instanceUrl }),
  }),
  faultCodes: {},
  times: {
    precisionMs: 1000,
    allDay: true,
    native: (start, end, isAllDay) =>
      isAllDay
        ? {
            IsAllDayEvent: true,
            ActivityDate: start.toISOString().slice(0, 10),
            DurationInMinutes: (end.getTime() - start.getTime()) / MINUTE_MS,
          }
        : { IsAllDayEvent: false, StartDateTime: native(start), EndDateTime: native(end) },
  },
  // Number fields are doubles, whatever their length. Source: help.salesforce.com, article 000221617.
  longNumbers: "ROUNDED",
  numbersFromTexts: true,
  inverseFields: ["LastActivityDate"],
  resources: { contact, lead, meeting },
};
