import type { Field, Row, Stored } from "./fields.js";
import { isObject, pythonRepr, type Json } from "./json.js";
import type { Model, Session } from "./model.js";
import { brokenReference, missingRecord, valueError } from "./rpc-error.js";

/** `[0,0,values]` creates, `[1,id,values]` changes, `[2,id]` deletes, 3 takes out, 4 puts in, 5 empties, `[6,0,ids]` sets. */
type Command = [code: number, id: number, payload: Json];

function parseCommands(model: Model, name: string, value: Json): Command[] {
  if (value === false || value === null) return [[5, 0, false]];
  if (!Array.isArray(value)) throw valueError(`Wrong value for ${model.name}.${name}: ${pythonRepr(value)}`);
  // Bare ids mean "these and no others".
  if (value.length > 0 && value.every((item) => typeof item === "number")) return [[6, 0, value]];
  return value.map((command) => {
    const [code, id = 0, payload = false] = Array.isArray(command) ? command : [];
    if (typeof code === "number" && code >= 0 && code <= 6) return [code, Number(id), payload];
    throw valueError(`Wrong value for ${model.name}.${name}: ${pythonRepr(value)}`);
  });
}

/** The ids that a many2many holds after the commands. */
export function applyManyToMany(
  model: Model,
  name: string,
  field: Field,
  value: Json,
  current: Stored | undefined,
  session: Session,
): number[] {
  const related = session.model(field.relation ?? "");
  let ids = new Set(Array.isArray(current) ? current : []);
  for (const [code, id, payload] of parseCommands(model, name, value)) {
    if (code === 0) ids.add(session.create(related, isObject(payload) ? payload : {}).id);
    else if (code === 1) session.write(related, [id], isObject(payload) ? payload : {});
    else if (code === 2) session.unlink(related, [id]);
    else if (code === 4) ids.add(id);
    else if (code === 5) ids = new Set();
    else if (code === 6) ids = new Set(Array.isArray(payload) ? payload.map(Number) : []);
    if (code === 2 || code === 3) ids.delete(id);
  }
  for (const id of ids) if (!session.database.get(related.name, id)) throw brokenReference(model, name);
  return [...ids];
}

/** Carries the commands out on the records at the other side of a one2many. */
export function applyOneToMany(
  model: Model,
  name: string,
  field: Field,
  value: Json,
  row: Row,
  session: Session,
): void {
  const { relation = "", inverse = "" } = field;
  const related = session.model(relation);
  const children = () => session.database.rows(relation).filter((child) => child[inverse] === row.id);
  const takeOut = (ids: number[]) => {
    if (related.fields.get(inverse)?.required) session.unlink(related, ids);
    else session.write(related, ids, { [inverse]: false });
  };
  for (const [code, id, payload] of parseCommands(model, name, value)) {
    const values = isObject(payload) ? payload : {};
    const kept = code === 6 && Array.isArray(payload) ? payload.map(Number) : [];
    if (code === 0) session.create(related, { ...values, [inverse]: row.id });
    else if (code === 1) session.write(related, [id], values);
    else if (code === 2) session.unlink(related, [id]);
    else if (code === 3) takeOut([id]);
    else if (code === 4) session.write(related, [id], { [inverse]: row.id });
    else
      takeOut(
        children()
          .map((child) => child.id)
          .filter((child) => !kept.includes(child)),
      );
    for (const child of kept) {
      if (!session.database.get(relation, child)) throw missingRecord(relation, child, session.uid);
      session.write(related, [child], { [inverse]: row.id });
    }
  }
}
