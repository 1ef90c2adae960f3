import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ERROR_CODES } from "../../dist/errors/catalogue.js";
import { COMPOSERS, compose } from "./composition.js";
import { DEMO_KEY, openCrmesh, post } from "./crmesh.js";
import { GATEWAYS, hiveGateway } from "./gateways.js";
import { GRAFBASE_VERSION } from "./grafbase.js";
import { WRONG_PATHS } from "./gateway-faults.js";
import { operations } from "./operations.js";
import { startSubgraphs } from "./subgraphs.js";

const crmesh = await openCrmesh();
const subgraphs = await startSubgraphs();
const running = new Map();
after(async () => {
  for (const gateway of running.values()) await (await gateway).stop();
  for (const { stop } of Object.values(subgraphs)) await stop();
  await crmesh.close();
});

const ask = (operation, variables = operation.variables) =>
  post(`${crmesh.origins[operation.server ?? "main"]}/graphql`, { ...operation, variables });

async function known() {
  const found = { contacts: {}, leads: {}, meetings: {}, connections: {} };
  for (const slug of crmesh.slugs) {
    const lists = ["contacts", "leads", "meetings"].map(
      // 100 contacts of ten CRMs are 1,000 representations.
      (name) =>
        `${name}(first: ${name === "contacts" ? 100 : 10}, provider: "${slug}", endUserId: "ann") { nodes { id nativeId } }`,
    );
    const { body } = await ask({ query: `{ ${lists.join(" ")} }` });
    for (const { extensions } of body.errors ?? []) assert.equal(extensions.code, "UNSUPPORTED_RESOURCE");
    for (const name of ["contacts", "leads", "meetings"]) found[name][slug] = body.data[name]?.nodes ?? [];
  }
  const people = await ask({ query: '{ endUser(endUserId: "ann") { people(first: 20) { nodes { id email } } } }' });
  assert.equal(people.body.errors, undefined);
  found.people = people.body.data.endUser.people.nodes.filter(({ email }) => email !== null);
  const { body } = await ask({ query: '{ connections(endUserId: "ann") { id provider { slug } } }' });
  for (const connection of body.data.connections) found.connections[connection.provider.slug] = connection;
  return found;
}

const OPERATIONS = operations({
  slugs: crmesh.slugs,
  known: await known(),
  ask,
  key: {
    leads: await crmesh.key({ scopes: ["leads:read"] }),
    failing: await crmesh.key({ workspace: "failing" }),
  },
});

/** The gateway in front of one crmesh and of the subgraphs that name its objects. */
function gatewayAt(name, server) {
  const id = `${name} ${server}`;
  if (!running.has(id)) running.set(id, start(name, server));
  return running.get(id);
}

const start = async (name, server) => {
  const parts = await partsOf(server);
  return GATEWAYS[name](supergraphOf(parts), parts);
};

/** One crmesh and the subgraphs that name its objects. */
async function partsOf(server) {
  const url = `${crmesh.origins[server]}/subgraph`;
  const query = "{ _service { sdl } }";
  // Every crmesh of this suite has the same schema. Those that refuse requests cannot be asked for it.
  const from = server === "prefixed" ? server : "main";
  const { body } = await post(`${crmesh.origins[from]}/subgraph`, { query });
  return [
    { name: "crmesh", sdl: body.data._service.sdl, url },
    ...(server === "prefixed" ? [subgraphs.clashing] : [subgraphs.native, subgraphs.global]),
  ];
}

function supergraphOf(parts) {
  const { supergraph, errors } = compose(COMPOSERS["@apollo/composition"], parts);
  assert.deepEqual(errors, []);
  return supergraph;
}

/** What the gateway is asked for, and how its answer is put in the form of the direct one. */
function joined({ missing = null, entities: { type, field, refs, selection } }) {
  const [argument, values, inner] =
    field === "customers"
      ? [{ ids: "[ID!]!" }, { ids: refs.map(({ endUserId }) => endUserId) }, `crm { ${selection} }`]
      : field === "storedProviders"
        ? [{ slugs: "[String!]!" }, { slugs: refs.map(({ slug }) => slug) }, selection]
        : field.startsWith("stored")
          ? [{ ids: "[ID!]!" }, { ids: refs.map(({ id }) => id) }, selection]
          : [{ refs: field === "nativePersons" ? "[PersonRef!]!" : "[Ref!]!" }, { refs }, selection];
  const [[name, kind]] = Object.entries(argument);
  return {
    gateway: { query: `query ($${name}: ${kind}) { ${field}(${name}: $${name}) { ${inner} } }`, variables: values },
    direct: {
      query: `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on ${type} { ${selection} } } }`,
      variables: { refs: refs.map((ref) => ({ __typename: type, ...ref })) },
    },
    /** The direct answer in the form that the gateway’s has. */
    data: (data) => ({
      [field]: data._entities.map((one) => (field === "customers" ? { crm: one } : (one ?? missing))),
    }),
    path: ([, index, ...rest]) => [field, index, ...(field === "customers" ? ["crm"] : []), ...rest],
  };
}

/** What a client reads of an error. The request id and the time to wait differ between two requests. */
function read({ path, message, extensions: { code, provider, connectionId } = {} }, withPath) {
  return { ...(withPath ? { path } : {}), message, code, provider, connectionId };
}

const sorted = (errors = [], withPath = true) => errors.map((error) => JSON.stringify(read(error, withPath))).sort();

const pathless = ({ data, errors }) => ({
  data,
  errors: sorted(
    errors.map((text) => unread(JSON.parse(text))),
    false,
  ),
});
const unread = ({ message, ...extensions }) => ({ message, extensions });

/** @returns the two answers in one form */
async function answers(operation, gatewayName) {
  const { entities, before, headers, whole } = operation;
  const { url } = await gatewayAt(gatewayName, operation.server ?? "main");
  const sent = { authorization: `Bearer ${DEMO_KEY}`, ...headers };
  const variables = async () => (await before?.(operation)) ?? operation.variables;
  if (entities) {
    const { gateway, direct, data, path } = joined(operation);
    const expected = await post(`${crmesh.origins.main}/subgraph`, { ...direct, headers: sent });
    const actual = await post(url, { ...gateway, headers: sent });
    const errors = expected.body.errors?.map((error) => ({ ...error, path: path(error.path) }));
    return { status: actual.status, ...compared({ data: data(expected.body.data), errors }, actual.body) };
  }
  const expected = await ask({ ...operation, headers: sent }, await variables());
  const actual = await post(url, { query: operation.query, variables: await variables(), headers: sent });
  return { status: actual.status, ...compared(expected.body, actual.body, whole) };
}

/** An answer that has no data because crmesh refused the request becomes nulls in the gateway’s answer. */
function compared(expected, actual, whole = false) {
  return {
    expected: { data: whole ? null : expected.data, errors: sorted(expected.errors, !whole) },
    actual: {
      data: whole
        ? Object.values(actual.data ?? {}).every((value) => value === null)
          ? null
          : actual.data
        : actual.data,
      errors: sorted(actual.errors, !whole),
    },
  };
}

test("the table has at least 100 operations, each with a name of its own", () => {
  assert.ok(OPERATIONS.length >= 100, String(OPERATIONS.length));
  assert.equal(new Set(OPERATIONS.map(({ name }) => name)).size, OPERATIONS.length);
});

test("the table has every code of the catalogue", () => {
  const codes = new Set(OPERATIONS.map(({ code }) => code));
  const missing = ERROR_CODES.filter((code) => !codes.has(code));
  assert.deepEqual(missing, []);
});

for (const name of Object.keys(GATEWAYS)) {
  const wrongPaths = WRONG_PATHS[name] ?? [];
  test(`${name} answers what crmesh answers`, async (t) => {
    for (const operation of OPERATIONS) {
      await t.test(operation.name, async () => {
        const { status, expected, actual } = await answers(operation, name);
        if (operation.code === undefined) assert.deepEqual(expected.errors, []);
        else
          assert.ok(
            expected.errors.some((error) => error.includes(`"code":"${operation.code}"`)),
            expected.errors.join(),
          );
        if (operation.partial !== undefined)
          for (const slug of crmesh.slugs) assert.equal(actual.data[slug] === null, slug === operation.partial, slug);
        if (!wrongPaths.includes(operation.name))
          return assert.deepEqual({ status, ...actual }, { status: 200, ...expected });
        // If the gateway no longer has the fault, its entry must go.
        assert.notDeepEqual(actual.errors, expected.errors);
        assert.deepEqual({ status, ...pathless(actual) }, { status: 200, ...pathless(expected) });
      });
    }
  });

  test(`${name} serves crmesh with a prefix beside a subgraph with the same names`, async () => {
    const { url } = await gatewayAt(name, "prefixed");
    const query = `{ contact(id: "1") { name address { lines } } node(id: "2") { __typename id }
      contactPage { pageInfo { hasNextPage } }
      crmContacts(first: 1, provider: "hubspot", endUserId: "ann") { nodes { __typename fullName } pageInfo { hasNextPage } } }`;
    const { status, body } = await post(url, { query });
    assert.equal(status, 200);
    assert.equal(body.errors, undefined);
    assert.deepEqual(body.data.contact, { name: "Own 1", address: { lines: ["Own street"] } });
    assert.deepEqual(body.data.node, { __typename: "Contact", id: "2" });
    assert.equal(body.data.crmContacts.nodes[0].__typename, "CrmContact");
  });
}

test("Grafbase is among the gateways where npm has its binary", (t) => {
  if (process.platform === "linux" && process.arch === "x64") assert.notEqual(GRAFBASE_VERSION, null);
  else t.skip("npm has Grafbase's binary for Linux on x64 alone");
});

test("a gateway with demand control reads the weights and the page sizes", async () => {
  const limit = 60;
  const gateway = await hiveGateway(supergraphOf(await partsOf("main")), [], {
    maxCost: limit,
    includeExtensionMetadata: true,
  });
  running.set("demand control", gateway);
  const costOf = async (query) => {
    const { body } = await post(gateway.url, { query });
    return { ...body, estimated: body.extensions?.cost?.estimated ?? body.errors[0].extensions.cost.estimated };
  };
  const contacts = (first) => `contacts(${first}, provider: "hubspot", endUserId: "ann")`;
  const page = await costOf(`{ ${contacts("first: 20")} { nodes { fullName } } }`);
  assert.equal(page.errors, undefined);
  // Hive Gateway adds the weight of the field to that of its object: 11 + 1 for the page, and 1 for each record.
  assert.equal(page.estimated, 12 + 20);
  const one = await costOf(`{ ${contacts("first: 1")} { nodes { fullName } } }`);
  assert.equal(one.estimated, 12 + 1);
  // docs/federation.md says so.
  const unsized = await costOf(`{ contacts(provider: "hubspot", endUserId: "ann") { nodes { fullName } } }`);
  assert.equal(unsized.estimated, 12 + 1);
  const linked = await costOf(`{ ${contacts("first: 2")} { nodes { meetings(first: 3) { nodes { title } } } } }`);
  assert.ok(linked.estimated > 12 + 2 + 2 * (1 + 3), String(linked.estimated));
  const tooDear = await costOf(`{ ${contacts("first: 100")} { nodes { fullName } } }`);
  assert.equal(tooDear.data?.contacts ?? null, null);
  assert.equal(tooDear.errors[0].extensions.code, "COST_ESTIMATED_TOO_EXPENSIVE");
});
