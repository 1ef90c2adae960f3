import type { Database } from "./database.js";
import type { Micros } from "./date-times.js";
import { char, datetime, integer, many2one, type Field } from "./fields.js";
import type { Row, Stored, Values, Json, JsonObject } from "./data.js";

/** One call of one user, with the operations that the rules of models may use. */
export interface Session {
  readonly database: Database;
  readonly uid: number;
  readonly context: JsonObject;
  /** The time at which the call's transaction began. */
  readonly now: Micros;
  model(name: string): Model;
  /** The message for fields that the user may not use. */
  wordsForHidden(model: Model, names: readonly string[], operation: "read" | "write"): string;
  /** The same call with another context. */
  within(context: JsonObject): Session;
  create(model: Model, values: JsonObject): Row;
  write(model: Model, ids: readonly number[], values: JsonObject): void;
  unlink(model: Model, ids: readonly number[]): void;
}

export interface Parameter {
  readonly name: string;
  /** A parameter without a default is required. */
  readonly default?: Json;
}

export interface MethodCall {
  readonly session: Session;
  readonly model: Model;
  /** The records of the call. Empty for a method of the model itself. */
  readonly ids: number[];
  argument: (name: string) => Json;
}

export interface Method {
  /** Whether the first argument has the ids of records. */
  readonly onRecords: boolean;
  readonly parameters: readonly Parameter[];
  run(call: MethodCall): Json;
}

/** The rules of one model. The session has the rules of all models. */
export interface ModelRules {
  readonly name: string;
  readonly description: string;
  readonly order: string;
  readonly fields: Record<string, Field>;
  /** The fields that a search by name looks through. */
  readonly searchedByName?: readonly string[];
  displayName?(row: Row, database: Database): string;
  /** Defaults that depend on the user and the time of the call. */
  defaults?(session: Session): Values;
  /** Completes or changes the values before they are stored. `before` is null in a create. */
  prepare?(changes: Values, before: Row | null, session: Session): void;
  /** Refuses a state of a record that breaks a rule of the model. */
  check?(row: Row, session: Session): void;
  /** The value that the user of the call reads instead of the stored one; undefined if the user may see that. */
  masked?(row: Row, field: string, session: Session): Stored | undefined;
  /** Applies a stored change to other records. */
  afterSave?(row: Row, before: Row | null, session: Session): void;
  beforeUnlink?(row: Row, session: Session): void;
  readonly methods?: Record<string, Method>;
}

export interface Model extends Omit<ModelRules, "fields" | "methods"> {
  readonly fields: ReadonlyMap<string, Field>;
  readonly methods: ReadonlyMap<string, Method>;
  readonly searchedByName: readonly string[];
  displayName(row: Row, database: Database): string;
}

/** The columns that Odoo writes itself. It ignores values of a client. */
export const KEPT_BY_ODOO = new Set(["id", "create_date", "create_uid", "write_date", "write_uid"]);

export function defineModel(rules: ModelRules): Model {
  const displayName = rules.displayName?.bind(rules) ?? ((row: Row) => String(row["name"] ?? ""));
  const fields: Record<string, Field> = {
    id: integer("ID"),
    display_name: char("Display Name", { compute: displayName }),
    ...rules.fields,
    create_uid: many2one("Created by", "res.users"),
    create_date: datetime("Created on"),
    write_uid: many2one("Last Updated by", "res.users"),
    write_date: datetime("Last Updated on"),
  };
  return {
    ...rules,
    searchedByName: rules.searchedByName ?? ["name"],
    displayName,
    fields: new Map(Object.entries(fields)),
    methods: new Map(Object.entries(rules.methods ?? {})),
  };
}

/** The custom fields of each main model. */
export const CUSTOM_FIELDS: Record<string, Field> = {
  x_crmesh_note: char("Note"),
  x_crmesh_score: { type: "float", label: "Score" },
  x_crmesh_region: many2one("Region", "res.country"),
};

/** Returns all stored fields of a new record, empty or with their defaults. */
export function blankValues(model: Model): Values {
  const values: Values = {};
  for (const [name, field] of model.fields) {
    if (name === "id" || field.compute || field.type === "one2many") continue;
    values[name] = field.default ?? (field.type === "many2many" ? [] : field.type === "boolean" ? false : null);
  }
  return values;
}
