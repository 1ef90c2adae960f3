import { espocrm } from "../../../src/providers/crm/espocrm/index.js";
import { espocrm8Sandbox, espocrmSandbox } from "../../../src/sandbox/crms/espocrm/index.js";
import type { ContractSubject, ResourceSubject } from "../subject.js";
import { contact } from "./contact.js";
import { lead } from "./lead.js";
import { meeting } from "./meeting.js";
import { openEspo } from "./native-client.js";
import { absentId, fold, PARTS } from "./shared.js";
import { requestedAttributes } from "./wire.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const dateTime = (date: Date) => date.toISOString().slice(0, 19).replace("T", " ");
const day = (time: number) => new Date(time).toISOString().slice(0, 10);

/** Punctuation comes before letters. A letter with a stroke follows the letter without it, and all texts that begin with that. */
const ownLetters = (text: string) =>
  text
    .replace(/[‘’]/g, "'")
    .replace(/[đłø]/g, (letter) => `${({ đ: "d", ł: "l" } as Record<string, string>)[letter] ?? "o"}\uffff`);

export const espocrmSubject: ContractSubject = {
  provider: espocrm,
  sandbox: espocrmSandbox,
  oauthClient: null,
  openNative: openEspo,
  absentId,
  collate(one, other) {
    const parts = other.split(PARTS);
    for (const [index, part] of one.split(PARTS).entries()) {
      const [left, right] = [part, parts[index]].map((text) => ownLetters(fold(text)));
      if (left !== right) return left! < right! ? -1 : 1;
    }
    return 0;
  },
  isEmpty: (value) =>
    value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0),
  requestedFields: requestedAttributes,
  isWrite: ({ method }) => method !== "GET",
  wrongCredentials: ({ url }) => ({ url: url!, apiKey: "forged-key-0123456789" }),
  faultCodes: {},
  times: {
    precisionMs: 1000,
    allDay: true,
    native: (start, end, isAllDay) =>
      isAllDay
        ? { isAllDay, dateStartDate: day(start.getTime()), dateEndDate: day(end.getTime() - DAY_MS) }
        : { isAllDay, dateStart: dateTime(start), dateEnd: dateTime(end), dateStartDate: null, dateEndDate: null },
  },
  mobilePhone: { number: "+491515550000" },
  // A field of the type float is a column of MySQL's type double.
  longNumbers: "ROUNDED",
  wideFields: 300,
  // A note of a meeting in the stream of its people.
  inverseFields: ["streamUpdatedAt"],
  resources: { contact, lead, meeting },
};

/** EspoCRM 8, which lacks some fields and takes conditions that EspoCRM 9 refuses. */
export const espocrm8Subject: ContractSubject = {
  ...espocrmSubject,
  sandbox: espocrm8Sandbox,
  resources: {
    contact: withoutLaterFields(contact),
    lead: withoutLaterFields(lead),
    meeting: withoutLaterFields(meeting),
  },
};

function withoutLaterFields({ standard, ...others }: ResourceSubject): ResourceSubject {
  return { ...others, ...(standard && { standard: { ...standard, readOnly: [] } }) };
}
