import type { ResourceName } from "../../../providers/contract/model.js";

/** Names of resources at the beginning of a sentence and in the names of types. */
export const TITLES: { readonly [Resource in ResourceName]: Capitalize<Resource> } = {
  contact: "Contact",
  lead: "Lead",
  meeting: "Meeting",
};
