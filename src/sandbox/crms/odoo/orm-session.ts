import type { Database } from "./database.js";
import type { Micros } from "./date-times.js";
import type { Row, Values, Json, JsonObject } from "./data.js";
import { blankValues, KEPT_BY_ODOO, type Model, type Session } from "./model.js";
import { brokenReference, missingRecord, RpcError, userError, validationError, valueError } from "./rpc-error.js";
import type { OdooVersion } from "./version.js";
import { applyManyToMany, storedValue } from "./written-values.js";

/** Creates, changes and deletes records as every Odoo model does, and applies the rules of each model. */
export class OrmSession implements Session {
  constructor(
    private readonly version: Pick<OdooVersion, "models" | "missingValue" | "hiddenFields">,
    readonly database: Database,
    readonly uid: number,
    readonly context: JsonObject,
    readonly now: Micros,
  ) {}

  model(name: string): Model {
    const model = this.version.models.get(name);
    if (model === undefined) throw userError(`Object ${name} doesn't exist`);
    return model;
  }

  wordsForHidden(model: Model, names: readonly string[], operation: "read" | "write"): string {
    return this.version.hiddenFields(model, names, operation);
  }

  within(context: JsonObject): Session {
    return new OrmSession(this.version, this.database, this.uid, context, this.now);
  }

  create(model: Model, written: JsonObject): Row {
    const changes = this.#storedValues(model, { ...this.#contextDefaults(model, written), ...written }, null);
    model.prepare?.(changes, null, this);
    const stamps = { create_uid: this.uid, create_date: this.now, write_uid: this.uid, write_date: this.now };
    const values: Values = { ...blankValues(model), ...model.defaults?.(this), ...changes, ...stamps };
    this.#requireValues(model, values);
    const row = this.database.insert(model.name, values);
    return this.#finish(model, row, null);
  }

  write(model: Model, ids: readonly number[], written: JsonObject): void {
    for (const row of this.#existing(model, ids)) {
      const changes = this.#storedValues(model, written, row);
      model.prepare?.(changes, row, this);
      this.#requireValues(model, { ...row, ...changes });
      const stamps = { write_uid: this.uid, write_date: this.now };
      const after = this.database.update(model.name, row, { ...changes, ...stamps });
      this.#finish(model, after, row);
    }
  }

  unlink(model: Model, ids: readonly number[]): void {
    for (const row of this.#existing(model, ids)) {
      model.beforeUnlink?.(row, this);
      this.database.remove(model.name, row.id);
      for (const other of this.version.models.values()) this.#forget(other, model.name, row.id);
    }
  }

  #requireValues(model: Model, values: Values): void {
    for (const [name, field] of model.fields) {
      if (!field.required || (values[name] ?? null) !== null) continue;
      throw validationError(this.version.missingValue(model, name, field.label));
    }
  }

  #finish(model: Model, row: Row, before: Row | null): Row {
    model.check?.(row, this);
    model.afterSave?.(row, before, this);
    return this.database.get(model.name, row.id) ?? row;
  }

  #storedValues(model: Model, written: JsonObject, row: Row | null): Values {
    const changes: Values = {};
    for (const [name, value] of Object.entries(written)) {
      const field = model.fields.get(name);
      if (field === undefined) throw valueError(`Invalid field '${name}' on model '${model.name}'`);
      if (KEPT_BY_ODOO.has(name) || field.compute) continue;
      if (field.type === "one2many") throw notImitated(model, name);
      changes[name] =
        field.type === "many2many"
          ? applyManyToMany(model, name, field, value, row?.[name], this)
          : storedValue(model, name, field, value, this);
    }
    return changes;
  }

  /** `default_<field>` in the context is the default of a field. */
  #contextDefaults(model: Model, written: JsonObject): JsonObject {
    const defaults: [string, Json][] = [];
    for (const [key, value] of Object.entries(this.context)) {
      const name = key.startsWith("default_") ? key.slice("default_".length) : "";
      if (model.fields.has(name) && !(name in written)) defaults.push([name, value]);
    }
    return Object.fromEntries(defaults);
  }

  #existing(model: Model, ids: readonly number[]): Row[] {
    return ids.map((id) => {
      const row = this.database.get(model.name, id);
      if (row === undefined) throw missingRecord(model.name, id, this.uid);
      return row;
    });
  }

  /**
   * Handles every reference to a deleted record: refuses the deletion, deletes the referring record, or (by default)
   * empties the reference.
   */
  #forget(model: Model, deletedModel: string, id: number): void {
    const references = [...model.fields].filter(([, field]) => field.relation === deletedModel && !field.compute);
    for (const [name, field] of references) {
      for (const row of this.database.rows(model.name)) {
        const value = row[name];
        if (field.type === "many2many" && Array.isArray(value) && value.includes(id)) {
          this.database.update(model.name, row, { [name]: value.filter((each) => each !== id) });
        } else if (field.type === "many2one" && value === id) {
          if (field.onDelete === "restrict") throw brokenReference(model, name);
          if (field.onDelete === "cascade") this.unlink(model, [row.id]);
          else this.database.update(model.name, row, { [name]: null });
        }
      }
    }
  }
}

/** Refuses writes of related records through a relation, which no client of this sandbox makes. */
function notImitated(model: Model, name: string): RpcError {
  return new RpcError("builtins.NotImplementedError", `${model.name}.${name} cannot be written in this sandbox.`);
}
