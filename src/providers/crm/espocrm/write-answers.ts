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

/**
 * EspoCRM answers a create with everything that has a value, read anew: of addresses and numbers the lists, without the
 * primary one beside them. It answers an update with the record as it was before, in which it has put what was sent. Source:
 * Core/Record/Service of espocrm/espocrm; recorded from EspoCRM 8.4.2.
 */
export const answers: WriteAnswers = {
  holds(name, { mode, writes }) {
    if (mode === "create") return true;
    const list = LIST.exec(name)?.[1];
    if (list !== undefined && [...writes].some((other) => LIST.exec(other)?.[1] === list)) return false;
    // The name of another record.
    const link = name.replace(/Name$/, "Id");
    return !writes.has(FOLLOWS[name] ?? (link === name ? "" : link));
  },
};
