/** The types of the values at one place of JSON bodies, and of the values inside. */
export interface Shape {
  types: Set<string>;
  /** Of objects, by name. Members that are named by an id are under `{id}`. */
  members: Map<string, Shape>;
  /** Of arrays: all items together. */
  items: Shape | null;
}

export function emptyShape(): Shape {
  return { types: new Set(), members: new Map(), items: null };
}

/** Adds a value to a shape: the shape then has what any of its values has. */
export function addTo(shape: Shape, value: unknown): void {
  shape.types.add(typeOf(value));
  if (Array.isArray(value)) {
    shape.items ??= emptyShape();
    for (const item of value) addTo(shape.items, item);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      const key = isId(name) ? "{id}" : name;
      const member = shape.members.get(key) ?? emptyShape();
      shape.members.set(key, member);
      addTo(member, part);
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Digits, a UUID, or a long text with digits and without spaces. */
export function isId(text: string): boolean {
  return /^\d+$/.test(text) || (/\d/.test(text) && /^[\w-]{15,}$/.test(text));
}

export interface ShapeDifference {
  place: string;
  real: string;
  sandbox: string;
}

/**
 * Compares two shapes. A null is no difference: the records that are compared are not the same ones. Nor are the items of a
 * list that is empty at one of the two.
 */
export function differencesOf(real: Shape, sandbox: Shape, place = "body"): ShapeDifference[] {
  const [one, other] = [wordsOf(real), wordsOf(sandbox)];
  const own = one !== other && one !== "null" && other !== "null" ? [{ place, real: one, sandbox: other }] : [];
  const names = [...new Set([...real.members.keys(), ...sandbox.members.keys()])].sort();
  const bothObjects = real.types.has("object") && sandbox.types.has("object");
  const members = (bothObjects ? names : []).flatMap((name): ShapeDifference[] => {
    const path = `${place}.${name}`;
    const [there, here] = [real.members.get(name), sandbox.members.get(name)];
    if (there && here) return differencesOf(there, here, path);
    // Objects of ids may be empty.
    if (name === "{id}") return [];
    return [{ place: path, real: there ? wordsOf(there) : "absent", sandbox: here ? wordsOf(here) : "absent" }];
  });
  const hasItems = (shape: Shape) => shape.items !== null && shape.items.types.size > 0;
  const items = hasItems(real) && hasItems(sandbox) ? differencesOf(real.items!, sandbox.items!, `${place}[]`) : [];
  return [...own, ...members, ...items];
}

/** `string or number`; `null` if there is nothing else. */
function wordsOf({ types }: Shape): string {
  const words = [...types].filter((type) => type !== "null").sort();
  return words.length === 0 ? "null" : words.join(" or ");
}
