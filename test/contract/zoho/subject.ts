import { expect } from "@jest/globals";
import { zoho } from "../../../src/providers/crm/zoho/index.js";
import { zohoSandbox } from "../../../src/sandbox/crms/zoho/index.js";
import type { ContractSubject } from "../subject.js";
import { contact } from "./contact.js";
import { lead } from "./lead.js";
import { meeting } from "./meeting.js";
import { openZoho } from "./native-client.js";

const MODULES = { contact: "Contacts", lead: "Leads", meeting: "Events" } as const;
const collator = new Intl.Collator("en");

export const zohoSubject: ContractSubject = {
  provider: zoho,
  sandbox: zohoSandbox,
  oauthClient: { id: "crmesh-sandbox", secret: "sandbox-secret" },
  openNative: openZoho,
  absentId: (_resource, index) => String(5_725_767_000_000_000_000n + BigInt(index)),
  collate: (one, other) => collator.compare(one, other),
  // A checkbox that is not set counts as empty.
  isEmpty: (native) =>
    [null, undefined, "", false].includes(native as null) || (Array.isArray(native) && native.length === 0),
  requestedFields(request, resource) {
    const { pathname, searchParams } = new URL(request.url, "http://zoho");
    const fields = searchParams.get("fields");
    return pathname === `/crm/v8/${MODULES[resource]}` && fields !== null ? fields.split(",") : null;
  },
  isWrite: ({ method, url }) => method !== "GET" && !url.startsWith("/crm/v8/coql") && !url.startsWith("/oauth"),
  // Zoho answers 204 if it finds nothing. Every org has users and fields.
  meansNothingThere: ({ url }, { status }) => status === 204 && !/\/(users|settings\/fields)\b/.test(url),
  wrongCredentials: (good) => ({ ...good, accessToken: "forged-token-0123456789", refreshToken: "forged-0123456789" }),
  faultCodes: {},
  times: {
    precisionMs: 1000,
    allDay: true,
    native(start, end, isAllDay) {
      if (!isAllDay) return { All_day: false, $start: start.toISOString(), $end: end.toISOString() };
      const day = (date: Date) => date.toISOString().slice(0, 10);
      return {
        All_day: true,
        Start_DateTime: expect.stringMatching(`^${day(start)}T00:00:00`),
        End_DateTime: expect.stringMatching(`^${day(new Date(end.getTime() - 1))}T23:59:59`),
      };
    },
  },
  // Decimal fields hold up to 16 digits. Source: help.zoho.com, "Custom Fields".
  longNumbers: "EXACT",
  wideFields: 300,
  resources: { contact, lead, meeting },
};
