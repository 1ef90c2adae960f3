import type { NativeRecord } from "../../contract/field-map.js";
import type { ContactInput, LeadInput } from "../../contract/input.js";
import type { ExistingIds, Lookup } from "../../kit/resource-rules.js";
import { readOne } from "./api.js";

export const existingAccounts: ExistingIds = async (context, ids) => {
  const accounts = await Promise.all(ids.map((id) => readOne(context, "Account", id)));
  return new Set(ids.filter((_id, index) => accounts[index] !== null));
};

/** The lists of an existing person that an update replaces by others. */
export const replacedLists = ({ emails, phones }: ContactInput | LeadInput) => [
  ...(emails?.length ? ["emailAddressData"] : []),
  ...(phones?.length ? ["phoneNumberData"] : []),
];

/** Keeps what EspoCRM knows of an address or number beside its text, so that whoever opted out stays so. */
export const keepEntries: Lookup<"contact" | "lead"> = (_context, { native, current }) => {
  for (const name of ["emailAddress", "phoneNumber"]) {
    const written = native[`${name}Data`] as NativeRecord[] | undefined;
    if (!written) continue;
    const known = (current?.[`${name}Data`] ?? []) as NativeRecord[];
    const isSame = (one: unknown, other: unknown) => String(one).toLowerCase() === String(other).toLowerCase();
    native[`${name}Data`] = written.map((entry) => ({
      ...known.find((one) => isSame(one[name], entry[name])),
      ...entry,
    }));
  }
};

/** The account of an existing contact, if an update gives a title alone. */
export const accountOfTitle = ({ title, company }: ContactInput) =>
  title && company === undefined ? ["accountId"] : [];

export const titleNeedsAccount: Lookup<"contact"> = (_context, { native, current, refuse }) => {
  const account = native["accountId"] === undefined ? current?.["accountId"] : native["accountId"];
  if (native["title"] && !account) {
    refuse("title", "EspoCRM stores the title together with the contact’s account. Give company.id as well.");
  }
};
