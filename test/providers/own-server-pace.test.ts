import { expect, test } from "@jest/globals";
import { espocrm } from "../../src/providers/crm/espocrm/index.js";
import { odoo } from "../../src/providers/crm/odoo/index.js";
import { twenty } from "../../src/providers/crm/twenty/index.js";

test.each([espocrm, odoo, twenty])(
  "the operator says how many calls a minute the servers of $name allow",
  (provider) => {
    const [setting] = provider.settings!;
    const rulesFor = (value: string) => provider.rateRules!((name) => (name === setting!.name ? value : ""));
    expect(setting!.variable).toBe("CALLS_PER_MINUTE");
    expect(rulesFor("40")).toEqual([expect.objectContaining({ requests: 40, perMs: 60_000 })]);
    expect(rulesFor("0")).toEqual([]);
  },
);

test("only Twenty documents a limit for its own server", () => {
  expect([espocrm, odoo, twenty].map(({ settings }) => settings![0]!.default)).toEqual(["0", "0", "100"]);
});
