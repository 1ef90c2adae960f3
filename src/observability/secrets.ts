/** Names of properties whose values may be secrets, in small letters without `_` and `-`. */
const SECRETS = new Set([
  "authorization",
  "cookie",
  "credentials",
  "accesstoken",
  "refreshtoken",
  "apikey",
  "clientsecret",
  "password",
  "secret",
]);
/** Levels of objects that are searched. Deeper ones are not logged. */
const MAX_DEPTH = 5;
const HIDDEN = "[secret]";

/** Hides the values of the names of secrets, in an object and the objects and lists in it. Returns the same object if there are none. */
export function hideSecrets(object: Record<string, unknown>, depth = 1): Record<string, unknown> {
  let hidden: Record<string, unknown> | null = null;
  for (const name of Object.keys(object)) {
    const value = object[name];
    const shown = isSecret(name) ? HIDDEN : within(value, depth);
    if (shown !== value) (hidden ??= { ...object })[name] = shown;
  }
  return hidden ?? object;
}

function within(value: unknown, depth: number): unknown {
  // The serializer of errors logs only what is safe.
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (!Array.isArray(value)) return hideSecrets(value as Record<string, unknown>, depth + 1);
  const shown = value.map((one) => within(one, depth + 1));
  return shown.some((one, index) => one !== value[index]) ? shown : value;
}

function isSecret(name: string): boolean {
  return SECRETS.has(name) || SECRETS.has(name.replace(/[_-]/g, "").toLowerCase());
}
