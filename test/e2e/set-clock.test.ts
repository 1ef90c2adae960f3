import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { moveClock, startClock, stopClock } from "../support/fake-date.js";
import { gated, type Gate } from "../support/gate.js";
import { Ground, type TestServer } from "../support/test-server.js";

const HOUR_MS = 3_600_000;

let ground: Ground;
let gates: ReadonlyMap<string, Gate>;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  // Before the server starts, so that it gets this clock however it takes it.
  stopClock();
  const held = await gated(ground.sandbox);
  gates = held.gates;
  server = await ground.serve({
    sandbox: held.sandbox,
    config: { requestTimeoutMs: 600_000, connectionTimeoutMs: 500_000 },
  });
});
afterAll(async () => {
  startClock();
  await ground.close();
  for (const gate of gates.values()) await gate.close();
});

test.each([-2, 2])("an operation that runs while the wall clock is set by %d hours ends as ever", async (hours) => {
  const gate = gates.get("hubspot")!;
  const held = gate.hold();
  try {
    const answer = server.query<{ contacts: { nodes: unknown[] } }>(
      "{ contacts(first: 2) { nodes { fullName meetings(first: 2) { nodes { title } } } } }",
      { provider: "hubspot" },
    );
    await held;
    moveClock(hours * HOUR_MS);
    gate.release();
    const { body } = await answer;
    expect(body.errors).toBeUndefined();
    expect(body.data!.contacts.nodes).toHaveLength(2);
  } finally {
    gate.release();
  }
});
