import { twenty } from "../../../src/providers/crm/twenty/index.js";
import { twenty2Sandbox, twentySandbox } from "../../../src/sandbox/crms/twenty/index.js";
import { refusal, type ContractSubject } from "../subject.js";
import { contact, recentContact } from "./contact.js";
import { meeting, recentMeeting } from "./meeting.js";
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
  // Definitions are asked for by POST.
  isWrite: ({ method, url }) => method !== "GET" && url !== "/metadata",
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
  // Recorded from Twenty 2.21, which answers 400 for every exception that is no HTTP one.
  refusals: [
    {
      kind: "a missing permission with status 400 is no wrong input",
      answer: refusal(400, {
        error: "Error",
        messages: ["Entity performing the request does not have permission"],
        code: "PERMISSION_DENIED",
      }),
      code: "PROVIDER_AUTH_FAILED",
      retryable: false,
    },
    ...["revoked", "expired"].map((what) => ({
      kind: `a key that is ${what} needs a new one`,
      answer: refusal(403, { statusCode: 403, error: "FORBIDDEN_EXCEPTION", messages: [`This API Key is ${what}`] }),
      code: "NEEDS_REAUTH",
      retryable: false,
    })),
    {
      kind: "a database that is away with status 400 is down",
      answer: refusal(400, { error: "Error", messages: ["connect ECONNREFUSED 10.0.0.5:5432"] }),
      code: "PROVIDER_UNAVAILABLE",
      retryable: true,
      hides: /10\.0\.0\.5/,
    },
  ],
  resources: { contact, meeting },
};

/** Twenty 2.21, with a workspace that was made with it. */
export const twenty2Subject: ContractSubject = {
  ...twentySubject,
  sandbox: twenty2Sandbox,
  // Digits alone are stored.
  mobilePhone: { number: "+49 1515550000" },
  resources: { contact: recentContact, meeting: recentMeeting },
};
