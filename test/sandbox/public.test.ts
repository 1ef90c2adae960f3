import { expect, test } from "@jest/globals";
import type { FastifyInstance } from "fastify";
import { hubspotSandbox } from "../../src/sandbox/crms/hubspot/index.js";
import type { SandboxCrm } from "../../src/sandbox/kit/crm.js";
import { startSandbox } from "../../src/sandbox/public.js";

/** A CRM with this name, whose server runs `onReady` before it listens. */
function crm(slug: string, onReady: () => Promise<void>, apps: FastifyInstance[] = []): SandboxCrm {
  return {
    ...hubspotSandbox,
    slug,
    register(app) {
      apps.push(app);
      app.addHook("onReady", onReady);
    },
  };
}

test("the servers start together: one that waits for the next one does not hold it up", async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const waiting = crm("waiting", () => released);
  const releasing = crm("releasing", async () => release());
  const sandbox = await startSandbox({}, [waiting, releasing]);
  expect([...sandbox.origins.keys()]).toEqual(["waiting", "releasing"]);
  await sandbox.close();
});

test("where one server cannot start, all others are closed", async () => {
  const apps: FastifyInstance[] = [];
  let closed = 0;
  const good = crm("good", async () => undefined, apps);
  const bad = crm("bad", () => Promise.reject(new Error("No routes today.")), apps);
  const start = startSandbox({}, [good, bad, { ...good, slug: "another" }]);
  for (const app of apps) app.addHook("onClose", async () => void (closed += 1));
  await expect(start).rejects.toThrow("No routes today.");
  expect(apps.map(({ server }) => server.listening)).toEqual([false, false, false]);
  expect(closed).toBe(3);
});
