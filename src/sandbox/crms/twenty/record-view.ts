import { badRequest } from "./errors.js";
import type { Field, ObjectName } from "./objects.js";
import { COMPOSITES, valueOf, type Composite } from "./values.js";
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
  const { isRecent } = workspace.version;
  for (const field of workspace.object(name).fields) {
    const value = valueOf(row, field.name);
    if (field.relation) Object.assign(wire, relationToWire(workspace, row, field, depth));
    else wire[field.name] = isRecent ? shownRecently(field, value) : shown(field, value);
  }
  return wire;
}

function shown({ type }: Field, value: unknown): unknown {
  return type === "DATE_TIME" && typeof value === "number" ? toIso(value) : (value ?? null);
}

/** Recent versions have empty lists, numbers for amounts, and the context of what was done. */
function shownRecently(field: Field, value: unknown): unknown {
  if (field.type === "MULTI_SELECT") return value ?? [];
  const parts = COMPOSITES[field.type];
  if (!parts) return shown(field, value);
  const whole = Object.entries(parts).map(([part, type]): [string, unknown] => {
    const own = (value as Composite | null | undefined)?.[part] ?? null;
    if (type === "JSON") return [part, own ?? []];
    if (type === "NUMERIC") return [part, own === null ? null : Number(own)];
    return [part, own === "" && part === "currencyCode" ? null : own];
  });
  const context = field.type === "ACTOR" ? [["context", null] as const] : [];
  return Object.fromEntries([...whole, ...context]);
}

/** The most related records in a record of recent versions. */
const RELATED_MAX = 20;

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
  const included = workspace.version.isRecent ? others.slice(0, RELATED_MAX) : others;
  return { [name]: included.map((one) => recordToWire(workspace, target, one, 0)) };
}
