import type { ContactInput } from "../../contract/input.js";
import type { ExistingIds, Lookup } from "../../kit/resource-rules.js";
import { readOne } from "./api.js";

export const existingAccounts: ExistingIds = async (context, ids) => {
  const accounts = await Promise.all(ids.map((id) => readOne(context, "Account", id)));
  return new Set(ids.filter((_id, index) => accounts[index] !== null));
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
