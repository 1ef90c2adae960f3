import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import {
  assertObjectType,
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from "graphql";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { DOCUMENTED } from "../support/documented-errors.js";
import { crmeshSchema, printCrmeshSchema } from "../../src/graphql/schema/index.js";

describe("the schema", () => {
  test("describes every type, field and argument", async () => {
    const bare: string[] = [];
    const check = (where: string, { description }: { description?: string | null | undefined }) => {
      if (!description) bare.push(where);
    };
    for (const type of Object.values((await crmeshSchema()).getTypeMap())) {
      if (type.name.startsWith("__") || (isScalarType(type) && isSpecifiedScalarType(type))) continue;
      if (!["Query", "Mutation"].includes(type.name)) check(type.name, type);
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) {
          check(`${type.name}.${field.name}`, field);
          for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name})`, argument);
        }
      }
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field);
      }
      if (isEnumType(type) && type.getValues().length === 0) bare.push(type.name);
      // Their values are states and deeds, which no name says wholly.
      if (/^(Connection|Circuit)/.test(type.name) && isEnumType(type)) {
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
      }
    }
    expect(bare).toEqual([]);
  });

  test("has the codes of the catalogue as an enum that says what each means", async () => {
    const schema = await crmeshSchema();
    const codes = schema.getType("ErrorCode");
    if (!isEnumType(codes)) throw new Error("ErrorCode is no enum.");
    const described = codes.getValues().map(({ name, description }) => [name, description]);
    const expected = Object.entries(DOCUMENTED).map(([code, [status, message]]) => [
      code,
      `${message}. HTTP status ${status}.`,
    ]);
    expect(described).toEqual(expect.arrayContaining(expected));
    expect(described.map(([name]) => name)).toEqual(ERROR_CODES);
    const typeOf = (type: string, field: string) =>
      String(assertObjectType(schema.getType(type)).getFields()[field]!.type);
    expect(typeOf("ErrorCodeInfo", "code")).toBe("ErrorCode!");
    // What a log says may come from another version, which has other codes.
    expect(typeOf("ConnectionEvent", "errorCode")).toBe("String");
  });

  test("is printed as SDL that typed clients can parse", async () => {
    const printed = await printCrmeshSchema();
    expect(Object.keys(buildSchema(printed).getTypeMap())).toContain("ContactConnection");
    expect(await readFile("schema.graphql", "utf8")).toBe(printed);
  });

  test("has nullable types for all fields that call a provider", async () => {
    const schema = await crmeshSchema();
    const crossing: Record<string, string[]> = {
      Query: [
        ...["node", "contact", "contacts", "lead", "leads", "meeting", "meetings"],
        ...["connections", "connection", "connectionEvents", "endUser"],
      ],
      Mutation: [
        ...["createContact", "updateContact", "deleteContact", "createLead", "createMeeting"],
        ...["createConnection", "deleteConnection", "createConnectToken", "reconnectConnection"],
      ],
      Connection: ["contacts", "leads", "meetings", "health", "endUser"],
      Contact: ["meetings", "leads", "owner"],
      Lead: ["contact", "convertedContact", "firstName", "lastName", "fullName", "title", "companyName", "owner"],
      Meeting: ["contacts", "leads", "attendees", "organizer", "owner"],
      Attendee: ["contact", "name", "email"],
      Owner: ["name", "email"],
    };
    for (const [typeName, fields] of Object.entries(crossing)) {
      const type = schema.getType(typeName);
      if (!isObjectType(type)) throw new Error(`There is no type ${typeName}.`);
      for (const field of fields)
        expect([typeName, field, String(type.getFields()[field]!.type)]).not.toEqual([
          typeName,
          field,
          expect.stringMatching(/!$/),
        ]);
    }
  });
});
