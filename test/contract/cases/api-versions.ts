import { describe, expect, test } from "@jest/globals";
import { versionOf } from "../../../src/providers/api-versions.js";
import type { CaseContext } from "../ground.js";

export function describeApiVersions({ subject, ground }: CaseContext): void {
  const { apiVersions, oauth } = subject.provider;

  describe("API versions", () => {
    test("every path that the adapter has called in this file belongs to a version that the provider declares", () => {
      const paths = ground().stage.paths();
      expect(paths.length).toBeGreaterThan(0);
      expect(paths.filter((path) => versionOf(apiVersions, path) === undefined)).toEqual([]);
    });

    test("the adapter has called every version, except those of the authorization server alone", () => {
      const endpoints = (oauth?.servers ?? []).map(({ tokenEndpoint }) => new URL(tokenEndpoint).pathname);
      const called = [...ground().stage.paths(), ...endpoints].map((path) => versionOf(apiVersions, path));
      expect(apiVersions.filter((version) => !called.includes(version))).toEqual([]);
    });
  });
}
