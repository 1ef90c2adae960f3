import type { NativeRecord } from "../../contract/field-map.js";
import type { ContactInput, LeadInput } from "../../contract/input.js";
import type { ExistingIds, Lookup } from "../../kit/resource-rules.js";
import { objectsAt } from "../../mapping/members.js";
import { readOne } from "./api.js";

export const existingAccounts: ExistingIds = async (context, ids) => {
  const accounts = await Promise.all(ids.map((id) => readOne(context, "Account", id)));
  return new Set(ids.filter((_id, index) => accounts[index] !== null));
};

/** Names the stored lists of a person that an update replaces with non-empty lists. */
export const replacedLists = ({ emails, phones }: ContactInput | LeadInput) => [
  ...(emails?.length ? ["emailAddressData"] : []),
  ...(phones?.length ? ["phoneNumberData"] : []),
];

/** Keeps EspoCRM's other data of an address or number that the new list still contains, such as its opt-out. */
export const keepEntries: Lookup<"contact" | "lead"> = (_context, { native, current }) => {
  for (const name of ["emailAddress", "phoneNumber"]) {
    const written = native[`${name}Data`] as NativeRecord[] | undefined;
    if (!written) continue;
    const known = current ? objectsAt(current, `${name}Data`) : [];
    const isSame = (one: unknown, other: unknown) => String(one).toLowerCase() === String(other).toLowerCase();
    native[`${name}Data`] = written.map((entry) => ({
      ...known.find((one) => isSame(one[name], entry[name])),
      ...entry,
    }));
  }
};

/**
 * Requests the contact's stored account if an update has a title and no company. `titleNeedsAccount` checks the
 * account.
 */
export const accountOfTitle = ({ title, company }: ContactInput) =>
  title && company === undefined ? ["accountId"] : [];

export const titleNeedsAccount: Lookup<"contact"> = (_context, { native, current, refuse }) => {
  const account = native["accountId"] === undefined ? current?.["accountId"] : native["accountId"];
  if (native["title"] && !account) {
    refuse("title", "EspoCRM stores the title together with the contact’s account. Give company.id as well.");
  }
};
