import { setImmediate as turn } from "node:timers/promises";

/** After so many ms it will not happen any more; a slow machine gets all the time it may need. */
const PATIENCE_MS = 120_000;

/** Waits, turn by turn, for what happens outside of the test's sight. */
export async function eventually<Value>(look: () => Value | undefined | Promise<Value | undefined>): Promise<Value> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await turn();
  }
  throw new Error("It did not happen.");
}
