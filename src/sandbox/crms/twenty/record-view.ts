import { badRequest } from "./errors.js";
import { objectsOf, type Field, type ObjectName } from "./objects.js";
import { valueOf } from "./values.js";
import { toIso, type Row, type Workspace } from "./workspace.js";

export type Depth = 0 | 1;

export function depthOf(text: string | undefined): Depth {
  if (text === undefined || text === "" || text === "0") return 0;
  if (text === "1") return 1;
  throw badRequest(`'depth=${text}' parameter invalid. Allowed values are 0, 1`);
}

/** Shows a record as JSON. With depth 1, the JSON includes the related records. */
export function recordToWire(workspace: Workspace, name: ObjectName, row: Row, depth: Depth): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  const object = objectsOf(workspace.name).find(({ nameSingular }) => nameSingular === name)!;
  for (const field of object.fields) {
    if (field.relation) Object.assign(wire, relationToWire(workspace, row, field, depth));
    else wire[field.name] = shown(field, valueOf(row, field.name));
  }
  return wire;
}

function shown({ type }: Field, value: unknown): unknown {
  return type === "DATE_TIME" && typeof value === "number" ? toIso(value) : (value ?? null);
}

/** Shows a relation without deleted records. */
function relationToWire(workspace: Workspace, row: Row, { name, relation }: Field, depth: Depth) {
  const { target, kind } = relation!;
  if (kind === "MANY_TO_ONE") {
    const id = (valueOf(row, `${name}Id`) as string | null | undefined) ?? null;
    if (depth === 0) return { [`${name}Id`]: id };
    const other = id === null ? undefined : workspace.live(target, id);
    return { [`${name}Id`]: id, [name]: other ? recordToWire(workspace, target, other, 0) : null };
  }
  if (depth === 0) return {};
  const { inverse } = relation as { inverse: string };
  const others = workspace.rows(target).filter((one) => one.deletedAt === null && one.values[inverse] === row.id);
  return { [name]: others.map((one) => recordToWire(workspace, target, one, 0)) };
}
