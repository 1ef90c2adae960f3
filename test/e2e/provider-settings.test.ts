import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readConfig } from "../../src/config.js";
import { providers } from "../../src/providers/index.js";
import { Ground } from "../support/test-server.js";

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open();
});
afterAll(() => ground.close());

/** The provider settings that result from environment variables. */
const settings = (environment: Record<string, string>) => readConfig(environment, providers).providerSettings;

test("an environment variable sets a provider setting", async () => {
  const titles = async (environment: Record<string, string>) => {
    const server = await ground.serve({ config: { providerSettings: settings(environment) } });
    const { meetings } = await server.data<{ meetings: { nodes: { title: string }[] } }>(
      "{ meetings(first: 100) { nodes { title } } }",
      { provider: "pipedrive" },
    );
    return meetings.nodes.map(({ title }) => title);
  };
  const [usual, calls] = [await titles({}), await titles({ CRMESH_PIPEDRIVE_MEETING_TYPES: "call" })];
  expect(usual.some((title) => title.startsWith("Call "))).toBe(false);
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.every((title) => title.startsWith("Call "))).toBe(true);
});

test("an unset or empty setting has its default", () => {
  expect(settings({}).get("pipedrive")).toEqual(new Map());
  expect(settings({ CRMESH_PIPEDRIVE_MEETING_TYPES: "" }).get("pipedrive")).toEqual(new Map());
  expect(settings({ CRMESH_DYNAMICS365_DUPLICATE_DETECTION: "on" }).get("dynamics365")).toEqual(
    new Map([["duplicateDetection", "on"]]),
  );
});
