import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { overpriced, PeopleStage, type Asked } from "./stage.js";

type Entity = { __typename: string; id: string; email: string; contacts: { id: string }[] } | null;

const KNOWN = "chloe.okafor.0@example.com";
const SECOND = "kwame.fitzgerald.1@example.com";

let stage: PeopleStage;
beforeAll(async () => {
  stage = await PeopleStage.open();
  await stage.ground.connectAll("all", { account: "small" });
  await stage.ground.connect("one", "hubspot", { account: "small" });
}, 60_000);
afterAll(() => stage.close());

async function entities(representations: object[], asked: Partial<Asked> = {}) {
  const { server } = stage;
  const { status, body } = await server.query<{ _entities: Entity[] }>(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      __typename ... on Person { id email contacts { id } } } }`,
    {
      path: "/subgraph",
      endUserId: null,
      ...asked,
      variables: { representations },
      headers: { "x-crmesh-trace": "calls", "x-crmesh-price": "show" },
    },
  );
  const extensions = body.extensions as unknown as Pick<Parameters<typeof overpriced>[0], "calls" | "price">;
  expect(overpriced(extensions)).toEqual([]);
  return { status, entities: body.data!._entities, errors: body.errors ?? [], calls: extensions.calls };
}

const key = (endUserId: string, email: string) => ({ __typename: "Person", endUserId, email });

test("the SDL has both keys of a person", async () => {
  const { body } = await stage.server.query<{ _service: { sdl: string } }>("{ _service { sdl } }", {
    path: "/subgraph",
    endUserId: null,
  });
  const { sdl } = body.data!._service;
  expect(sdl).toMatch(/type Person @key\(fields: "id"\) @key\(fields: "endUserId email"\) \{/);
  expect(sdl).toMatch(/person\([^)]*\): Person @cost\(weight: \d+\)/);
  expect(sdl).toMatch(/people\([^)]*\): MergedPersonConnection @cost\(weight: \d+\) @listSize\(assumedSize: 25/);
});

test("a person is found by end user and address, and by its id, in the order of the representations", async () => {
  const found = await entities([
    key("all", KNOWN),
    key("one", KNOWN),
    key("all", "missing.person@nowhere.example"),
    key("all", SECOND),
    key("all", KNOWN),
    key("stranger", KNOWN),
  ]);
  expect([found.status, found.errors]).toEqual([200, []]);
  expect(found.entities.map((entity) => entity?.contacts.length ?? null)).toEqual([10, 1, null, 10, 10, null]);
  expect(found.entities[0]).toMatchObject({ __typename: "Person", email: KNOWN });
  const byId = await entities([{ __typename: "Person", id: found.entities[0]!.id }]);
  expect(byId.errors).toEqual([]);
  expect(byId.entities[0]).toEqual(found.entities[0]);
});

test("many representations are looked up together", async () => {
  const numbers = Array.from({ length: 40 }, (_, index) => `person.${index}@nowhere.example`);
  const { calls, entities: found } = await entities(numbers.map((email) => key("one", email)));
  expect(found).toEqual(numbers.map(() => null));
  // HubSpot finds four addresses by one call.
  expect(calls.length).toBeLessThanOrEqual(10);
  const same = await entities(numbers.map(() => key("one", KNOWN)));
  expect(same.calls).toHaveLength(1);
});

test("a representation that names nobody is an error of its own place", async () => {
  const { entities: found, errors } = await entities([
    key("all", KNOWN),
    { __typename: "Person", email: KNOWN },
    { __typename: "Person", id: "x" },
  ]);
  expect(found.map((entity) => entity?.email ?? null)).toEqual([KNOWN, null, null]);
  expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [["_entities", 1], "INVALID_INPUT"],
    [["_entities", 2], "INVALID_INPUT"],
  ]);
});

test("people of another end user than the header names are not found, and need their scope", async () => {
  const named = await entities([key("all", KNOWN), key("one", KNOWN)], { endUserId: "one" });
  expect(named.entities.map((entity) => entity?.contacts.length ?? null)).toEqual([null, 1]);
  expect(named.errors.map(({ extensions }) => extensions.code)).toEqual(["END_USER_NOT_FOUND"]);
  const refused = await entities([key("all", KNOWN)], { key: await stage.ground.key({ scopes: ["leads:read"] }) });
  expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(["FORBIDDEN"]);
});
