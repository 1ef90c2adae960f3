import { folded } from "./collation.js";
import type { Database, Row } from "./database.js";
import type { EntityType } from "./entity-defs.js";
import { EspoError } from "./errors.js";
import { dataOf, listedView } from "./record-view.js";

/**
 * Refuses a person whom the CRM seems to have: by the whole name or by an e-mail address.
 * @throws EspoError 409 with the records in the way
 */
export function checkDuplicates(database: Database, entity: EntityType, row: Row): void {
  if (entity !== "Contact" && entity !== "Lead") return;
  const addresses = new Set(dataOf(row, "emailAddress").map(({ lower }) => lower));
  const name = fullNameOf(row);
  const found = database
    .rows(entity)
    .filter(
      (other) =>
        (name !== null && fullNameOf(other) === name) ||
        dataOf(other, "emailAddress").some(({ lower }) => addresses.has(lower)),
    );
  if (found.length === 0) return;
  const view = { select: null, orderBy: null };
  throw new EspoError(
    409,
    "duplicate",
    found.map((other) => listedView(database, entity, other, view)),
  );
}

function fullNameOf({ firstName, lastName }: Row): string | null {
  return firstName && lastName ? folded(`${String(firstName)} ${String(lastName)}`) : null;
}
