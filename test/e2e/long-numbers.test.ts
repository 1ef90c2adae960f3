import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_BOUNDS } from "../../src/graphql/operation/bounds.js";
import { LongNumber } from "../../src/upstream/long-number.js";
import { attioSubject } from "../contract/attio/subject.js";
import { closeSubject } from "../contract/close/subject.js";
import { dynamics365Subject } from "../contract/dynamics365/subject.js";
import { espocrmSubject } from "../contract/espocrm/subject.js";
import { hubspotSubject } from "../contract/hubspot/subject.js";
import { odooSubject } from "../contract/odoo/subject.js";
import { pipedriveSubject } from "../contract/pipedrive/subject.js";
import { salesforceSubject } from "../contract/salesforce/subject.js";
import { twentySubject } from "../contract/twenty/subject.js";
import { zohoSubject } from "../contract/zoho/subject.js";
import { Ground, type AnsweredError, type QueryOptions, type TestServer } from "../support/test-server.js";

const SUBJECTS = [
  ...[hubspotSubject, salesforceSubject, odooSubject, pipedriveSubject, zohoSubject],
  ...[dynamics365Subject, closeSubject, attioSubject, espocrmSubject, twentySubject],
];
/** A double rounds it to …992. */
const LONG = "9007199254740993";

const SELECTED = "{ customFields { key value } raw }";
const WITH_VARIABLE = `mutation ($id: ID!, $value: JSON, $key: String!) {
  updateContact(id: $id, input: { customFields: [{ key: $key, value: $value }] }) ${SELECTED}
}`;

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

interface Written {
  customFields: { key: string; value: unknown }[];
  raw: unknown;
}

describe.each(SUBJECTS.map((subject) => [subject.provider.slug, subject] as const))("%s", (provider, subject) => {
  const fate = subject.longNumbers;
  const { key } = subject.resources.contact!.custom.find(({ type }) => type === "NUMBER")!;

  async function contactId(): Promise<string> {
    const document = "{ contacts(first: 1) { nodes { id } } }";
    const { contacts } = await server.data<{ contacts: { nodes: { id: string }[] } }>(document, { provider });
    return contacts.nodes[0]!.id;
  }

  test.each<[string, (id: string) => [string, Record<string, unknown>?]]>([
    ["a number in the variables", (id) => [WITH_VARIABLE, { id, key, value: new LongNumber(LONG) }]],
    ["a string of digits in the variables", (id) => [WITH_VARIABLE, { id, key, value: LONG }]],
    [
      "a number in the document",
      (id) => [WITH_VARIABLE.replace("$value: JSON, ", "").replace("$value", LONG), { id, key }],
    ],
  ])(`%s is ${fate}`, async (_kind, written) => {
    const [document, variables] = written(await contactId());
    const options: QueryOptions = { provider, variables };
    const { body } = await server.query<{ updateContact: Written | null }>(document, options);
    if (fate === "REFUSED") {
      const [error] = body.errors as [AnsweredError];
      expect([error.extensions.code, Object.keys(error.extensions.errors!)]).toEqual([
        "INVALID_INPUT",
        [`input.customFields.${key}`],
      ]);
      return;
    }
    expect(body.errors).toBeUndefined();
    const { customFields, raw } = body.data!.updateContact!;
    // EspoCRM answers 14 digits of a double.
    const rounded = provider === "espocrm" ? 9007199254741000 : 9007199254740992;
    const expected = fate === "ROUNDED" ? rounded : LONG;
    expect(customFields.find((field) => field.key === key)).toEqual({ key, value: expected });
    if (fate !== "ROUNDED") expect(JSON.stringify(raw)).toContain(`"${LONG}"`);
  });
});

describe("a number beyond a double in a request", () => {
  const long = new LongNumber(LONG);

  test.each<[string, string, Record<string, unknown>, string]>([
    ["an Int", "query ($first: Int) { contacts(first: $first) { nodes { id } } }", { first: long }, "first"],
    [
      "an Int of a hundred digits",
      "query ($first: Int) { contacts(first: $first) { nodes { id } } }",
      { first: new LongNumber("9".repeat(100)) },
      "first",
    ],
    [
      "a String",
      "query ($filter: ContactFilter) { contacts(filter: $filter) { nodes { id } } }",
      { filter: { name: long } },
      "filter.name",
    ],
    ["an ID", "query ($id: ID!) { contact(id: $id) { id } }", { id: long }, "id"],
  ])("is refused as %s, by name", async (_type, document, variables, path) => {
    const { status, body, text } = await server.query(document, { provider: "hubspot", variables });
    expect([status, body.errors![0]!.extensions.code]).toEqual([400, "INVALID_INPUT"]);
    expect(Object.keys(body.errors![0]!.extensions.errors!)).toEqual([path]);
    expect(text).not.toContain("rawJSON");
  });

  const post = (body: string) =>
    server.fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk_test_demo" },
      body,
    });

  test.each([
    ["a name that poisons prototypes", `{"query":"{ __typename }","variables":{"a":${LONG},"__proto__":{"b":1}}}`],
    ["a constructor that does", `{"query":"{ __typename }","variables":{"a":${LONG},"constructor":{"prototype":{}}}}`],
    ["broken JSON", `{"query":"{ __typename }","variables":{"a":${LONG},}`],
    ["a nesting without end", `{"variables":${"[".repeat(200_000)}${LONG}${"]".repeat(200_000)}}`],
  ])("does not let %s through", async (_what, body) => {
    const { status, text } = await post(body);
    expect([status, text]).toEqual([400, expect.stringContaining("INVALID_INPUT")]);
  });

  test("counts as one value of the input", async () => {
    const document = 'mutation ($input: ContactInput!) { createContact(provider: "hubspot", input: $input) { id } }';
    const input = { lastName: "Long", customFields: [{ key: "crmesh_score", value: long }] };
    const codes: unknown[] = [];
    for (const inputValues of [5, 6]) {
      const bounded = await ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, inputValues } } });
      const { body } = await bounded.query(document, { variables: { input } });
      codes.push(body.errors?.[0]?.extensions.code ?? "written");
    }
    expect(codes).toEqual(["INVALID_INPUT", "written"]);
  });

  test("is in no log", () => {
    expect(server.logs.filter((line) => line.includes(LONG))).toEqual([]);
  });
});
