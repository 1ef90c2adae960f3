import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { systemClock } from "../../src/upstream/clock.js";
import { Ground } from "../support/test-server.js";

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open();
});
afterAll(() => ground.close());

test("the graph names the API versions of each provider, with the end of the vendor’s support and its document", async () => {
  const server = await ground.serve();
  const document = "{ providers { slug apiVersions { name supportedUntil source note } } }";
  const answer = await server.data<{ providers: { slug: string; apiVersions: object[] }[] }>(document);
  expect(answer.providers).toEqual(
    providers.all.map(({ slug, apiVersions }) => ({
      slug,
      apiVersions: apiVersions.map(({ name, supportedUntil, source, note = null }) => ({
        name,
        supportedUntil,
        source,
        note,
      })),
    })),
  );
});

test.each([
  [121, false],
  [120, true],
  [-1, true],
])("the log at the start, %d days before the first end, warns of it: %s", async (days, warns) => {
  const [end] = providers.all
    .flatMap(({ slug, apiVersions }) => apiVersions.map((version) => ({ ...version, slug })))
    .filter(({ supportedUntil }) => supportedUntil !== null)
    .sort((one, other) => Date.parse(one.supportedUntil!) - Date.parse(other.supportedUntil!));
  const now = Date.parse(end!.supportedUntil!) - days * 86_400_000 + 3_600_000;
  const server = await ground.serve({ clock: { ...systemClock, now: () => now } });
  const lines = server.logs
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === "API version ends");
  expect(lines.length > 0).toBe(warns);
  if (!warns) return;
  const { slug: provider, name: apiVersion, supportedUntil, source } = end!;
  expect(lines[0]).toMatchObject({ level: "warn", provider, apiVersion, supportedUntil, source, daysLeft: days });
});
