import { setImmediate as turn } from "node:timers/promises";

/** Waits, turn by turn, for what happens outside of the test's sight. */
export async function eventually<Value>(look: () => Value | undefined | Promise<Value | undefined>): Promise<Value> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await turn();
  }
  throw new Error("It did not happen.");
}
