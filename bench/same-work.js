/** A comparison is one only where both sides give the same data, out of calls that are known. */
import { isDeepStrictEqual } from "node:util";

/** Asks, and tells which calls arrived at the sandbox CRMs meanwhile. */
export async function witness(sandbox, ask) {
  await sandbox.ask("watch");
  const answer = await ask();
  return { answer, calls: await sandbox.ask("witnessed") };
}

export function assertSame(complaint, one, other) {
  if (isDeepStrictEqual(one, other)) return;
  const shown = [one, other].map((part) => JSON.stringify(part).slice(0, 1_000));
  throw new Error(`${complaint}:\n${shown.join("\n")}`);
}

/** @param names members to leave out, wherever they are */
export function without(names, data) {
  return JSON.parse(JSON.stringify(data, (name, value) => (names.has(name) ? undefined : value)));
}

/** Parameters and property names in any order are the same call. */
export function describeCall({ method, url }) {
  const { pathname, searchParams } = new URL(url, "http://crm");
  const query = [...searchParams].map(([name, value]) => `${name}=${value.split(",").toSorted().join(",")}`);
  return `${method} ${pathname} ${query.toSorted().join("&")}`;
}
