import { createHash } from "node:crypto";
import { ENTITY_TYPES, type EntityType } from "./entity-defs.js";
import type { EspoVersion } from "./version.js";

/** A stored record: attribute → value. A read looks up the attributes of other records. */
export type Row = Record<string, unknown> & { id: string; deleted: boolean };

/** One of a record's e-mail addresses or phone numbers. */
export type DataEntry = Record<string, unknown>;

/** The user of a call. */
export interface Caller {
  id: string;
  isAdmin: boolean;
  /** Fields that the caller's role may not edit. EspoCRM drops them from a write without a word. */
  notEdited: ReadonlySet<string>;
  /** Whether the role may read only records that are assigned to the caller. */
  readsOwnOnly: boolean;
}

/** The data of one account. */
export class Database {
  readonly name: string;
  readonly version: EspoVersion;
  readonly #tables = new Map<EntityType, Map<string, Row>>(ENTITY_TYPES.map((type) => [type, new Map()]));
  #made = 0;

  constructor(name: string, version: EspoVersion) {
    this.name = name;
    this.version = version;
  }

  /** 17 hex digits, in no order. */
  newId(): string {
    this.#made += 1;
    return createHash("sha1").update(`${this.name} ${this.#made}`).digest("hex").slice(0, 17);
  }

  put(entity: EntityType, row: Row): Row {
    this.#tables.get(entity)!.set(row.id, row);
    return row;
  }

  /** Also finds deleted records, because EspoCRM keeps them. */
  find(entity: EntityType, id: unknown): Row | null {
    return this.#tables.get(entity)!.get(String(id)) ?? null;
  }

  live(entity: EntityType, id: unknown): Row | null {
    const row = this.find(entity, id);
    return row?.deleted === false ? row : null;
  }

  rows(entity: EntityType): Row[] {
    return [...this.#tables.get(entity)!.values()].filter(({ deleted }) => !deleted);
  }
}

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
export function systemDateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}
