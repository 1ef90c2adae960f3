import { dynamics365 } from "../../../src/providers/crm/dynamics365/index.js";
import { dynamics365Sandbox } from "../../../src/sandbox/crms/dynamics365/index.js";
import { refusal, type ContractSubject } from "../subject.js";
import { contact } from "./contact.js";
import { lead } from "./lead.js";
import { meeting } from "./meeting.js";
import { openDynamics, type DynamicsClient } from "./native-client.js";
import { absentId, native } from "./shared.js";
import { requestedProperties } from "./wire.js";

export const dynamics365Subject: ContractSubject = {
  provider: dynamics365,
  sandbox: dynamics365Sandbox,
  oauthClient: { id: "crmesh-sandbox", secret: "sandbox-secret" },
  openNative: openDynamics,
  absentId,
  collate: (one, other) => (one < other ? -1 : one > other ? 1 : 0),
  isEmpty: (value) => value === null || value === undefined,
  requestedFields: requestedProperties,
  isWrite: ({ method, url }) => method !== "GET" && url.startsWith("/api/data/"),
  // The row is a preference, which a server may ignore.
  alsoMeansWritten: ({ method }, { status }) => method === "PATCH" && status === 204,
  wrongCredentials: ({ environmentUrl }) => ({
    accessToken: "forged-token-0123456789",
    ...(environmentUrl === undefined ? {} : { environmentUrl }),
  }),
  faultCodes: {},
  times: {
    precisionMs: 1000,
    allDay: true,
    native: (start, end, isAllDay) => ({
      isalldayevent: isAllDay,
      scheduledstart: native(start),
      scheduledend: native(end),
    }),
  },
  // Decimal columns end at 100 billion. Source: learn.microsoft.com, "Number column types".
  longNumbers: "REFUSED",
  hidden: [
    {
      resource: "contact",
      what: "a contact that was merged into another",
      byId: true,
      async make(client, { unique }) {
        const id = await client.create("contact", { lastname: unique() });
        await (client as DynamicsClient).update("contact", id, { merged: true, statecode: 1, statuscode: 2 });
        return id;
      },
    },
    {
      resource: "lead",
      what: "a lead that was merged into another",
      byId: true,
      async make(client, { unique }) {
        const id = await client.create("lead", { subject: unique(), lastname: unique() });
        await (client as DynamicsClient).update("lead", id, { merged: true, statecode: 2, statuscode: 7 });
        return id;
      },
    },
  ],
  wideFields: 400,
  refusals: [
    {
      kind: "a plug-in that refuses is the caller’s matter, with its words",
      answer: refusal(400, { error: { code: "0x80040265", message: "Please choose a <i>region</i> first." } }),
      code: "INVALID_INPUT",
      retryable: false,
      says: /It says: Please choose a region first\./,
    },
    {
      kind: "a plug-in that failed shows no traceback",
      answer: refusal(400, {
        error: { code: "0x80040265", message: "System.NullReferenceException: at Acme.Plugins.Check(Entity e:12)" },
      }),
      code: "INVALID_INPUT",
      retryable: false,
      hides: /NullReference|Acme/,
    },
  ],
  resources: { contact, lead, meeting },
};
