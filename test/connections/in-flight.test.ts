import { expect, test } from "@jest/globals";
import { InFlight } from "../../src/connections/credentials/in-flight.js";

test("settled waits for running, newly begun and failing work", async () => {
  const inFlight = new InFlight();
  const ended: string[] = [];
  let finishFirst!: () => void;
  const first = inFlight.run(async () => {
    await new Promise<void>((resolve) => (finishFirst = resolve));
    void inFlight.run(async () => void ended.push("second"));
    ended.push("first");
  });
  const failing = inFlight.run(async () => {
    throw new Error("It fails.");
  });
  const settled = inFlight.settled().then(() => ended.push("settled"));
  await expect(failing).rejects.toThrow("It fails.");
  expect(ended).toEqual([]);
  finishFirst();
  await Promise.all([first, settled]);
  expect(ended).toEqual(["second", "first", "settled"]);
  await inFlight.settled();
});
