import type { Field } from "./fields.js";
import type { Stored } from "./rows.js";
import { isObject, pythonRepr, type Json } from "./json.js";
import type { Model, Session } from "./model.js";
import { brokenReference, valueError } from "./rpc-error.js";

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
