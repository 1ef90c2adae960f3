import DataLoader from "dataloader";
import type { ConnectionDirectory } from "../../connections/access/directory.js";
import type { Tenant } from "../../connections/access/principal.js";
import { CrmError } from "../../errors/crm-error.js";
import type { ErrorCode } from "../../errors/catalogue.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { EndUserRecord } from "../../store/end-users.js";

/** The most ids in one query of the store. */
const MAX_BATCH = 1_000;

/** Finds end users and connections for one operation. Look-ups are batched, and each result is cached. */
export class DirectoryLoaders {
  /** End users by the id of the store (`eu_…`). Rejects with END_USER_NOT_FOUND. */
  readonly endUsersById: DataLoader<string, EndUserRecord>;
  /** End users by the id of the workspace. Rejects with END_USER_NOT_FOUND. */
  readonly endUsers: DataLoader<string, EndUserRecord>;
  /** Connections by id. Rejects with CONNECTION_NOT_FOUND. */
  readonly connectionsById: DataLoader<string, ConnectionRecord>;
  /** The connections of an end user (`eu_…`), oldest first. */
  readonly connectionsOf: DataLoader<string, ConnectionRecord[]>;

  constructor(directory: ConnectionDirectory, tenant: Tenant) {
    this.endUsersById = loader("END_USER_NOT_FOUND", (ids) => directory.endUsersById(tenant, ids));
    this.endUsers = loader("END_USER_NOT_FOUND", (ids) => directory.endUsers(tenant, ids));
    this.connectionsById = loader("CONNECTION_NOT_FOUND", (ids) => directory.byIds(tenant, ids));
    this.connectionsOf = new DataLoader(
      async (ids) => {
        const lists = await directory.lists(tenant, ids);
        return ids.map((id) => lists.get(id) ?? []);
      },
      { maxBatchSize: MAX_BATCH },
    );
  }

  /** Clears the caches, because a write may have changed what they contain. */
  clear(): void {
    this.endUsersById.clearAll();
    this.endUsers.clearAll();
    this.connectionsById.clearAll();
    this.connectionsOf.clearAll();
  }
}

function loader<Value>(
  missing: ErrorCode,
  find: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): DataLoader<string, Value> {
  return new DataLoader<string, Value>(
    async (ids) => {
      const found = await find(ids);
      return ids.map((id) => found.get(id) ?? new CrmError(missing));
    },
    { maxBatchSize: MAX_BATCH },
  );
}
