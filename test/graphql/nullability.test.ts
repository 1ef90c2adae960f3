import { expect, test } from "@jest/globals";
import { getNamedType, isNonNullType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from "graphql";
import { crmeshSchema } from "../../src/graphql/schema/index.js";
import type { ResourceAdapter } from "../../src/providers/contract/contract.js";
import type { AnyFieldMap, Reads } from "../../src/providers/contract/field-map.js";
import { RESOURCES, type ResourceName } from "../../src/providers/contract/model.js";
import { providers } from "../../src/providers/index.js";

const TYPES: Record<ResourceName, string> = { contact: "Contact", lead: "Lead", meeting: "Meeting" };

const namesIn = (reads: Reads) => (typeof reads === "function" ? reads(() => true) : reads);

/** The paths that another call than the one for the record may have to bring: what the adapter says, and what its map shows. */
function pathsOf({ map: own, furtherCalls, edges }: ResourceAdapter): string[] {
  const map: AnyFieldMap = own;
  const ofRecord = (native: string) => !native.startsWith("$");
  const further = (name: string) => furtherCalls.has(name) || furtherCalls.has(`${name}.name`);
  const fields = Object.entries(map.fields).flatMap(([name, entry]) => {
    if (!entry || (!entry.linked && namesIn(entry.reads).every(ofRecord))) return [];
    return entry.linked || !further(name) ? [name] : [];
  });
  return [...furtherCalls, ...fields, ...Object.keys(edges), ...Object.keys(map.edges ?? {})];
}

/** The field at the end of a path, such as `company.name`. */
function fieldAt(schema: GraphQLSchema, type: string, path: string) {
  const [name = "", ...rest] = path.split(".");
  let around = schema.getType(type) as GraphQLObjectType;
  let field = around.getFields()[name];
  for (const nested of rest) {
    const named = getNamedType(field!.type);
    if (!isObjectType(named)) throw new Error(`${path} leads nowhere.`);
    around = named;
    field = around.getFields()[nested];
  }
  return field && { name: `${around.name}.${field.name}`, type: field.type };
}

test("what a further call brings at any CRM is nullable, so that a failure leaves the rest of the record", async () => {
  const schema = await crmeshSchema();
  const checked = new Set<string>();
  const nonNull = new Set<string>();
  for (const { slug, resources } of providers.all) {
    for (const resource of RESOURCES) {
      const adapter = resources[resource] as ResourceAdapter | undefined;
      for (const path of adapter ? pathsOf(adapter) : []) {
        const field = fieldAt(schema, TYPES[resource], path);
        if (!field) throw new Error(`${slug}: the schema has no ${TYPES[resource]}.${path}.`);
        checked.add(field.name);
        if (isNonNullType(field.type)) nonNull.add(`${slug}: ${field.name}`);
      }
    }
  }
  expect([...nonNull]).toEqual([]);
  // One of each kind: definitions, calls of list and read, parts, edges and linked records.
  for (const name of [
    "Contact.customFields",
    "Contact.emails",
    "CompanyRef.name",
    "Meeting.attendees",
    "Lead.phones",
  ]) {
    expect(checked).toContain(name);
  }
  expect(checked).toContain("Contact.meetings");
});
