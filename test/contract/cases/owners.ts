import { describe, expect, test } from "@jest/globals";
import type { CaseContext } from "../ground.js";
import { costCheckedOwners } from "../stage/costs.js";
import { resourceOf } from "../subject.js";

export function describeOwners({ subject, ground }: CaseContext): void {
  const owners = costCheckedOwners(subject.provider);

  describe("owners", () => {
    test("users are read with name and e-mail, deactivated users included", async () => {
      const { reader, world } = ground();
      const ids = [...world.owners.keys()];
      const loaded = await owners.load(reader.context, ids);
      expect(new Map([...loaded].filter(([id]) => ids.includes(id)))).toEqual(world.owners);
    });

    test("an unknown user id is absent and does not affect the others", async () => {
      const { reader, world } = ground();
      const [known] = [...world.owners.keys()];
      const unknown = [...resourceOf(subject, "contact").missingIds, ...resourceOf(subject, "contact").malformedIds];
      const loaded = await owners.load(reader.context, [...unknown, known!]);
      expect(loaded.get(known!)).toEqual(world.owners.get(known!));
      for (const id of unknown) expect(loaded.has(id)).toBe(false);
    });

    test("no ids return no users", async () => {
      const { reader } = ground();
      expect((await owners.load(reader.context, [])).has("")).toBe(false);
    });
  });
}
