import { describe, expect, test } from "@jest/globals";
import { endingText, endingVersions, versionOf } from "../../src/providers/api-versions.js";
import type { ApiVersion } from "../../src/providers/contract/api-version.js";
import type { Provider } from "../../src/providers/contract/contract.js";
import { providers } from "../../src/providers/index.js";

const [hubspot] = providers.all;

function version(name: string, supportedUntil: string | null): ApiVersion {
  return { name, paths: [`/${name}`], supportedUntil, source: "https://vendor.example/versions" };
}

/** A CRM with these versions. */
function crm(...apiVersions: ApiVersion[]): Provider {
  return { ...hubspot!, name: "Acme", apiVersions };
}

describe("versions that end", () => {
  const acme = crm(version("v1", "2027-03-30"), version("v2", "2027-01-01"), version("v3", null));
  const named = (day: string) => endingVersions([acme], day).map((ending) => endingText(ending));

  test.each([
    ["2026-09-02", []],
    ["2026-09-03", ["Acme: support for v2 ends on 2027-01-01, in 120 days."]],
    [
      "2026-12-31",
      ["Acme: support for v2 ends on 2027-01-01, in 1 day.", "Acme: support for v1 ends on 2027-03-30, in 89 days."],
    ],
    [
      "2027-03-30",
      ["Acme: support for v2 ended on 2027-01-01.", "Acme: support for v1 ends on 2027-03-30, in 0 days."],
    ],
    ["2027-03-31", ["Acme: support for v2 ended on 2027-01-01.", "Acme: support for v1 ended on 2027-03-30."]],
  ])("on %s are named from 120 days before their end, the first to end first", (day, texts) => {
    expect(named(day)).toEqual(texts);
  });

  test("are counted in whole days, also over a change of summer time", () => {
    const [ending] = endingVersions([crm(version("v1", "2027-04-01"))], "2027-03-01");
    expect(ending!.daysLeft).toBe(31);
  });
});

test.each([
  ["/crm/v3", "v3"],
  ["/crm/v3/objects/contacts", "v3"],
  ["/crm/v30/objects", undefined],
  ["/crm", undefined],
])("the path %s belongs to the version %s", (path, name) => {
  const versions = [{ ...version("v3", null), paths: ["/crm/v3"] }];
  expect(versionOf(versions, path)?.name).toBe(name);
});

describe.each(providers.all.map((provider) => [provider.slug, provider] as const))("%s", (_slug, provider) => {
  const { apiVersions, oauth, notes } = provider;

  test("states a name, the source and a day of the calendar or none for each version", () => {
    expect(apiVersions.length).toBeGreaterThan(0);
    for (const { name, source, supportedUntil } of apiVersions) {
      expect([name, new URL(source).protocol]).toEqual([expect.stringMatching(/\S/), "https:"]);
      if (supportedUntil !== null) expect(new Date(supportedUntil).toISOString().slice(0, 10)).toBe(supportedUntil);
    }
  });

  test("no path belongs to two versions", () => {
    for (const { name, paths } of apiVersions) {
      const others = apiVersions.filter((other) => other.name !== name);
      expect(paths.filter((path) => versionOf(others, path) !== undefined)).toEqual([]);
    }
  });

  test("every endpoint of its authorization servers that crmesh calls belongs to a version", () => {
    const endpoints = (oauth?.servers ?? [])
      .flatMap(({ tokenEndpoint, revocationEndpoint }) => [tokenEndpoint, revocationEndpoint])
      .flatMap((endpoint) => (endpoint === null ? [] : new URL(endpoint).pathname));
    expect(endpoints.filter((path) => versionOf(apiVersions, path) === undefined)).toEqual([]);
  });

  test("says what each part was proven against, and when", () => {
    expect(notes.proven.length).toBeGreaterThan(0);
    expect(notes.proven.join(" ")).toMatch(/20\d\d/);
  });
});
