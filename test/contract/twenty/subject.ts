import { twenty } from "../../../src/providers/crm/twenty/index.js";
import { twentySandbox } from "../../../src/sandbox/crms/twenty/index.js";
import type { ContractSubject } from "../subject.js";
import { contact } from "./contact.js";
import { meeting } from "./meeting.js";
import { openTwenty } from "./native-client.js";
import { absentId } from "./shared.js";

const collator = new Intl.Collator("en");

export const twentySubject: ContractSubject = {
  provider: twenty,
  sandbox: twentySandbox,
  oauthClient: null,
  openNative: openTwenty,
  absentId: (_resource, index) => absentId(1_000 + index),
  collate: (one, other) => collator.compare(one, other),
  isEmpty: (native) =>
    native === "" || native === null || native === undefined || (Array.isArray(native) && native.length === 0),
  requestedFields: () => null,
  selectsFields: false,
  isWrite: ({ method }) => method !== "GET",
  wrongCredentials: (good) => ({ ...good, apiKey: "forged-key-0123456789" }),
  faultCodes: {},
  times: {
    precisionMs: 1,
    allDay: true,
    native: (start, end, isAllDay) => ({
      startsAt: start.toISOString(),
      endsAt: end.toISOString(),
      isFullDay: isAllDay,
    }),
  },
  mobilePhone: { number: "+49 151 5550000" },
  // A NUMBER is a column of double precision.
  longNumbers: "ROUNDED",
  resources: { contact, meeting },
};
