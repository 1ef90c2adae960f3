import { sql, type Kysely } from "kysely";
import { guarded } from "./faults.js";
import type { Schema } from "./schema.js";

/**
 * Saves when rows were last used. An earlier time than the saved one changes nothing.
 * @param uses the times by id
 */
export async function saveLastUses(
  db: Kysely<Schema>,
  table: "api_key" | "connection",
  uses: ReadonlyMap<string, Date>,
): Promise<void> {
  if (uses.size === 0) return;
  const ids = [...uses.keys()];
  const times = [...uses.values()].map((at) => at.toISOString());
  const given = db
    .selectFrom(table)
    .innerJoin(
      sql<{ id: string; at: Date }>`(select unnest(${ids}::text[]) as id, unnest(${times}::timestamptz[]) as at)`.as(
        "given",
      ),
      "given.id",
      `${table}.id`,
    )
    .select([`${table}.id as id`, "given.at as at"])
    .where((eb) =>
      eb.or([eb(`${table}.last_used_at`, "is", null), eb(`${table}.last_used_at`, "<", eb.ref("given.at"))]),
    )
    // Two replicas that save the uses of the same rows lock them in the same order.
    .orderBy("id")
    .forNoKeyUpdate(table);
  await guarded(
    db
      .with("given_uses", () => given)
      .updateTable(table)
      .from("given_uses")
      .set((eb) => ({ last_used_at: eb.ref("given_uses.at") }))
      .whereRef(`${table}.id`, "=", "given_uses.id")
      .execute(),
  );
}
