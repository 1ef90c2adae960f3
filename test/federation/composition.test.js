import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFileSync } from "node:fs";
import { federateSubgraphs, LATEST_ROUTER_COMPATIBILITY_VERSION } from "@wundergraph/composition";
import { buildSchema, parse, print } from "graphql";
import "../../node_modules/reflect-metadata/Reflect.js";
import { providers } from "../../dist/providers/index.js";
import { crmeshSchema } from "../../dist/graphql/schema/index.js";
import { subgraphOf } from "../../dist/graphql/subgraph/schema.js";
import { COMPOSERS, compose } from "./composition.js";
import { CLASHING, GLOBAL, NATIVE } from "./subgraphs.js";

const CUSTOMERS = readFileSync(new URL("../../examples/federation/customers.graphql", import.meta.url), "utf8");

const schema = await crmeshSchema();
const subgraph = (name, sdl) => ({ name, sdl, url: `http://127.0.0.1/${name}` });
const crmesh = (prefix) => subgraph("crmesh", subgraphOf(schema, providers.all, prefix).sdl);

for (const [name, composeServices] of Object.entries(COMPOSERS)) {
  describe(`${name} composes`, () => {
    test("crmesh alone, with and without a prefix", () => {
      for (const prefix of ["", "Crm"]) {
        const { supergraph, errors } = compose(composeServices, [crmesh(prefix)]);
        assert.deepEqual(errors, []);
        assert.match(supergraph, prefix ? /\btype CrmContact\b/ : /\btype Contact\b/);
      }
    });

    test("crmesh with subgraphs that join by every key", () => {
      const parts = [crmesh(""), subgraph("native", NATIVE), subgraph("global", GLOBAL)];
      const { supergraph, errors } = compose(composeServices, parts);
      assert.deepEqual(errors, []);
      for (const key of ['key: "endUserId"', 'key: "endUserId providerSlug nativeId"', 'key: "slug"', 'key: "id"'])
        assert.ok(supergraph.includes(key), key);
      buildSchema(supergraph, { assumeValidSDL: true });
    });

    test("crmesh with the subgraph of the example", () => {
      const { supergraph, errors } = compose(composeServices, [crmesh(""), subgraph("customers", CUSTOMERS)]);
      assert.deepEqual(errors, []);
      assert.match(supergraph, /crm: EndUser!/);
    });

    test("the weights of fields and the sizes of lists into the supergraph", () => {
      const { supergraph } = compose(composeServices, [crmesh("Crm")]);
      const { Query, CrmMeeting } = buildSchema(supergraph, { assumeValidSDL: true }).getTypeMap();
      const directives = (type, name) => {
        const { astNode } = type.getFields()[name];
        return astNode.directives.map((directive) => print(directive).replaceAll(/\s+/g, " "));
      };
      const [cost, size] = ["@cost(weight: 11)", "assumedSize: 25"];
      assert.ok(directives(Query, "crmContacts").includes(cost));
      assert.ok(directives(Query, "crmContacts").some((text) => text.startsWith("@listSize") && text.includes(size)));
      assert.ok(directives(CrmMeeting, "attendees").some((text) => text.includes("assumedSize: 5")));
    });

    test("crmesh with a subgraph that has its own PageInfo, node, Contact and Address only with a prefix", () => {
      const own = subgraph("clashing", CLASHING);
      const clash = compose(composeServices, [crmesh(""), own]);
      assert.notEqual(clash.errors.length, 0);
      assert.ok(
        clash.errors.some(({ message }) => /Contact|Address/.test(message)),
        JSON.stringify(clash.errors),
      );
      const { supergraph, errors } = compose(composeServices, [crmesh("Crm"), own]);
      assert.deepEqual(errors, []);
      for (const type of ["Contact", "CrmContact", "Address", "CrmAddress", "PageInfo"])
        assert.match(supergraph, new RegExp(`\\btype ${type}\\b`));
    });
  });
}

describe("@wundergraph/composition, which Cosmo uses, composes", () => {
  const federate = (...parts) =>
    federateSubgraphs({
      subgraphs: parts.map(({ name, sdl, url }) => ({ name, url, definitions: parse(sdl) })),
      version: LATEST_ROUTER_COMPATIBILITY_VERSION,
    });

  test("crmesh with subgraphs that join by every key, and reads the weights", () => {
    const parts = [
      crmesh(""),
      subgraph("native", NATIVE),
      subgraph("global", GLOBAL),
      subgraph("customers", CUSTOMERS),
    ];
    for (const { success, errors, warnings, subgraphConfigBySubgraphName } of [
      federate(...parts.slice(0, 3)),
      federate(parts[0], parts[3]),
    ]) {
      assert.ok(success, String(errors));
      assert.deepEqual(warnings, []);
      const { costs } = subgraphConfigBySubgraphName.get("crmesh");
      assert.equal(costs.fieldWeights.get("Query.contacts").weight, 11);
    }
  });

  test("crmesh with a subgraph that has its own PageInfo, node, Contact and Address only with a prefix", () => {
    const own = subgraph("clashing", CLASHING);
    assert.equal(federate(crmesh(""), own).success, false);
    assert.ok(federate(crmesh("Crm"), own).success);
  });
});
