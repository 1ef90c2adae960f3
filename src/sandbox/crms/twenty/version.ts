import { isNarrow } from "../../kit/account-kinds.js";
import { OLDER_REFUSALS, RECENT_REFUSALS, type Refusals } from "./errors.js";
import { OBJECTS, RECENT_OBJECTS, type ObjectDefinition, type ObjectName } from "./objects.js";

/** A version of Twenty, as far as versions differ for callers of the API. */
export interface TwentyVersion {
  readonly name: string;
  readonly objects: readonly ObjectDefinition[];
  readonly refusals: Refusals;
  /**
   * Whether the server checks values itself, leaves calendar events without a calendar out of lists, answers absent lists as
   * empty ones, includes few related records, and tells the fields of objects to every API key. Otherwise, the database
   * checks values.
   */
  readonly isRecent: boolean;
}

/** Recorded from a server of May 2025. */
export const TWENTY_0_53: TwentyVersion = {
  name: "0.53",
  objects: OBJECTS,
  refusals: OLDER_REFUSALS,
  isRecent: false,
};

/** Recorded from a server of July 2026, on 2026-11-30. */
export const TWENTY_2_21: TwentyVersion = {
  name: "2.21",
  objects: RECENT_OBJECTS,
  refusals: RECENT_REFUSALS,
  isRecent: true,
};

/** Accounts that are narrow or recent are workspaces of a recent server, whatever the others are. */
export function versionOf(account: string, version: TwentyVersion): TwentyVersion {
  return isNarrow(account) || account.startsWith("recent") ? TWENTY_2_21 : version;
}

export function objectOfVersion({ objects }: TwentyVersion, name: ObjectName): ObjectDefinition {
  return objects.find(({ nameSingular }) => nameSingular === name)!;
}
