import { describe, expect, test } from "@jest/globals";
import type { CaseContext } from "../ground.js";

export function describeSecrets({ ground }: CaseContext): void {
  describe("secrets", () => {
    test("no URL, error or call record of this file contains a credential", () => {
      const { stage } = ground();
      const secrets = stage.secrets().flatMap((secret) => [secret, encodeURIComponent(secret)]);
      const said = stage.utterances();
      expect(secrets.length).toBeGreaterThan(0);
      expect(said.length).toBeGreaterThan(0);
      const leaks = said.filter((text) => secrets.some((secret) => text.includes(secret)));
      expect(leaks).toEqual([]);
    });
  });
}
