import type { WriteAnswers } from "../../kit/resource-rules.js";

/** Attributes that EspoCRM keeps in tables beside the record. */
const LIST = /^(.+)(Ids|Names|Columns|Data)$/;
/** Attribute → the attribute whose change EspoCRM follows, in the database and not in its answer. */
const FOLLOWS: Readonly<Record<string, string>> = {
  // The role of a contact in its account.
  title: "accountId",
  emailAddress: "emailAddressData",
  phoneNumber: "phoneNumberData",
  // The assigned user attends a meeting.
  usersIds: "assignedUserId",
  usersNames: "assignedUserId",
  usersColumns: "assignedUserId",
};

/** Since EspoCRM 9, the answer to a create has no whole name of a person who has only one of these. */
const NAMES = ["firstName", "lastName"];

/**
 * EspoCRM answers a create with everything that has a value, read anew: of addresses and numbers the lists, without the
 * primary one beside them. It answers an update with the record as it was before, in which it has put what was sent. Source:
 * Core/Record/Service of espocrm/espocrm; recorded from EspoCRM 8.4.2 and 9.2.7.
 */
export const answers: WriteAnswers = {
  holds(name, { mode, writes }) {
    if (mode === "create") return name !== "name" || writes.has("name") || NAMES.every((part) => writes.has(part));
    const list = LIST.exec(name)?.[1];
    if (list !== undefined && [...writes].some((other) => LIST.exec(other)?.[1] === list)) return false;
    // The name of another record.
    const link = name.replace(/Name$/, "Id");
    return !writes.has(FOLLOWS[name] ?? (link === name ? "" : link));
  },
  // One of the two may be empty.
  hasAll: ({ name }, { answer }) => name !== undefined || !answer.fields.includes("name"),
};
