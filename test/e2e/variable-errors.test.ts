import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

const CREATE = 'mutation ($input: ContactInput!) { createContact(provider: "hubspot", input: $input) { id } }';
const CONNECT = "mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }";
const MEET = 'mutation ($input: MeetingInput!) { createMeeting(provider: "hubspot", input: $input) { id } }';
const SECRET = "pat-secret-0123456789";

interface Case {
  document: string;
  variables: Record<string, unknown>;
  code: "INVALID_INPUT" | "MISSING_REQUIRED";
  /** Input paths. */
  errors: string[];
}

const CASES: Record<string, Case> = {
  "a variable that is absent": { document: CREATE, variables: {}, code: "MISSING_REQUIRED", errors: ["input"] },
  "a variable that is null": {
    document: CREATE,
    variables: { input: null },
    code: "MISSING_REQUIRED",
    errors: ["input"],
  },
  "a required field deep inside": {
    document: CREATE,
    variables: { input: { emails: [{ address: "a@example.com" }, { type: "WORK" }] } },
    code: "MISSING_REQUIRED",
    errors: ["input.emails.1.address"],
  },
  "a null in a list": {
    document: CREATE,
    variables: { input: { tags: ["a", null] } },
    code: "MISSING_REQUIRED",
    errors: ["input.tags.1"],
  },
  "a value of the wrong type": {
    document: CREATE,
    variables: { input: { firstName: { secret: SECRET } } },
    code: "INVALID_INPUT",
    errors: ["input.firstName"],
  },
  "an unknown field": {
    document: CREATE,
    variables: { input: { emial: SECRET } },
    code: "INVALID_INPUT",
    errors: ["input"],
  },
  "an unknown enum value": {
    document: CREATE,
    variables: { input: { lifecycleStage: SECRET } },
    code: "INVALID_INPUT",
    errors: ["input.lifecycleStage"],
  },
  "what is no date": {
    document: MEET,
    variables: { input: { title: "x", startAt: SECRET } },
    code: "INVALID_INPUT",
    errors: ["input.startAt"],
  },
  "missing and invalid together": {
    document: CONNECT,
    variables: { input: { provider: [SECRET], credentials: { accessToken: SECRET } } },
    code: "INVALID_INPUT",
    errors: ["input.endUserId", "input.provider"],
  },
  "credentials that are no object": {
    document: CONNECT,
    variables: { input: { endUserId: "demo", provider: "hubspot", credentials: SECRET } },
    code: "INVALID_INPUT",
    errors: ["input.credentials"],
  },
  "a credential field that does not exist": {
    document: CONNECT,
    variables: { input: { endUserId: "demo", provider: "hubspot", credentials: { accessTokn: SECRET } } },
    code: "INVALID_INPUT",
    errors: ["input.credentials.accessTokn"],
  },
  "credential fields that are missing": {
    document: CONNECT,
    variables: { input: { endUserId: "demo", provider: "odoo", credentials: { apiKey: SECRET, login: "" } } },
    code: "MISSING_REQUIRED",
    errors: ["input.credentials.url", "input.credentials.database", "input.credentials.login"],
  },
  "a credential that is no text": {
    document: CONNECT,
    variables: { input: { endUserId: "demo", provider: "hubspot", credentials: { accessToken: [SECRET] } } },
    code: "INVALID_INPUT",
    errors: ["input.credentials.accessToken"],
  },
  "a credential with a line break": {
    document: CONNECT,
    variables: {
      input: { endUserId: "demo", provider: "hubspot", credentials: { accessToken: `${SECRET}\r\nX-Evil: 1` } },
    },
    code: "INVALID_INPUT",
    errors: ["input.credentials.accessToken"],
  },
};

describe.each(Object.entries(CASES))("%s", (_name, { document, variables, code, errors }) => {
  test(`is ${code} by input path, without the value`, async () => {
    const { status, text, body } = await server.query(document, { variables });
    expect(status).toBe(400);
    expect(body.errors).toHaveLength(1);
    expect(body.errors![0]!.extensions.code).toBe(code);
    expect(Object.keys(body.errors![0]!.extensions.errors!).sort()).toEqual(errors.sort());
    expect(text).not.toContain(SECRET);
    expect(server.logs.join()).not.toContain(SECRET);
  });
});

test.each([
  ["a wrong literal", 'mutation { createContact(provider: "hubspot", input: { firstName: 5 }) { id } }'],
  [
    "a wrong literal credential",
    `mutation { createConnection(input: { endUserId: "demo", provider: 5, credentials: "${SECRET}" }) { id } }`,
  ],
])("%s is an error of the document", async (_name, document) => {
  const { status, body, text } = await server.query(document);
  expect(status).toBe(400);
  expect(body.errors![0]!.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  expect(text).not.toContain(SECRET);
});

test("all wrong variables are reported at once", async () => {
  const { body } = await server.query(CREATE, {
    variables: { input: { firstName: 1, lastName: {}, emails: [{}], tags: [2] } },
  });
  expect(Object.keys(body.errors![0]!.extensions.errors!).sort()).toEqual([
    "input.emails.0.address",
    "input.firstName",
    "input.lastName",
    "input.tags.0",
  ]);
});
