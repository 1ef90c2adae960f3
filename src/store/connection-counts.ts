import { sql, type Kysely } from "kysely";
import { guarded } from "./faults.js";
import type { ConnectionStatus, Environment, Schema } from "./schema.js";

export interface ConnectionCount {
  provider: string;
  environment: Environment;
  status: ConnectionStatus;
  connections: number;
}

/** Counts the connections of all workspaces by provider, environment and status. Reads the whole table. */
export async function countConnections(db: Kysely<Schema>): Promise<ConnectionCount[]> {
  const counted = db
    .selectFrom("connection")
    .select(["provider", "environment", "status", sql<number>`count(*)::int`.as("connections")])
    .groupBy(["provider", "environment", "status"]);
  return guarded(counted.execute());
}
