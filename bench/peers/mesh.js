import { createServer } from "node:http";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { defineConfig, getComposedSchemaFromConfig } from "@graphql-mesh/compose-cli";
import { DefaultLogger } from "@graphql-mesh/utils";
import { loadJSONSchemaSubgraph } from "@omnigraph/json-schema";
import { Kind } from "graphql";
import { ATTENDEE_PROPERTIES } from "../hand-written/properties.js";
import { batch, contact, contacts, meetings, newContact } from "./mesh-schemas.js";

const CONTACTS = "/crm/objects/2026-09/contacts";
const MEETINGS = "/crm/objects/2026-09/meetings";
const MAX_BATCH = 100;
const page = {
  argTypeMap: { limit: { type: "integer" }, properties: { type: "string" } },
  requiredArgs: ["limit", "properties"],
};

/** HubSpot's calls, as a configuration of GraphQL Mesh describes them. */
const operations = [
  {
    ...page,
    type: "Query",
    field: "contacts",
    method: "GET",
    path: CONTACTS,
    queryParamArgMap: { limit: "limit", properties: "properties" },
    responseSchema: contacts,
  },
  {
    type: "Query",
    field: "contact",
    method: "GET",
    path: `${CONTACTS}/{args.id}`,
    requiredArgs: ["id", "properties"],
    queryParamArgMap: { properties: "properties" },
    responseSchema: contact,
  },
  {
    type: "Query",
    field: "contactsById",
    method: "POST",
    path: `${CONTACTS}/batch/read`,
    requestSchema: batch,
    responseSchema: contacts,
  },
  {
    ...page,
    type: "Query",
    field: "meetings",
    method: "GET",
    path: `${MEETINGS}?associations=contacts`,
    queryParamArgMap: { limit: "limit", properties: "properties" },
    responseSchema: meetings,
  },
  {
    type: "Mutation",
    field: "createContact",
    method: "POST",
    path: CONTACTS,
    requestSchema: newContact,
    responseSchema: contact,
  },
];

/** By configuration alone, each associated contact is a call: `@resolveTo` can pass ids, but HubSpot's batch takes objects. */
const LINKED = `
  extend type Association {
    contact: Contact
      @resolveTo(
        sourceName: "HubSpot"
        sourceTypeName: "Query"
        sourceFieldName: "contact"
        requiredSelectionSet: "{ id }"
        sourceArgs: { id: "{root.id}", properties: "${ATTENDEE_PROPERTIES.join(",")}" }
      )
  }`;

/** The tuned one has a resolver for it. */
const DECLARED = "extend type Association { contact: Contact }";

const batchingResolvers = {
  Association: {
    contact: {
      selectionSet: "{ id }",
      resolve: (root, _args, context, info) =>
        context.HubSpot.Query.contactsById({
          root,
          context,
          info,
          key: root.id,
          argsFromKeys: (ids) => ({ input: { inputs: ids.map((id) => ({ id })), properties: ATTENDEE_PROPERTIES } }),
          selectionSet: insideResults,
          valuesFromResults: byId,
          dataLoaderOptions: { maxBatchSize: MAX_BATCH },
        }),
    },
  },
};

/** What is selected of one contact, and its id, inside of a page of contacts. */
function insideResults(contactSelection) {
  const selections = [field("id"), ...contactSelection.selections];
  return { kind: Kind.SELECTION_SET, selections: [field("results", { kind: Kind.SELECTION_SET, selections })] };
}

const field = (name, selectionSet) => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value: name }, selectionSet });

function byId({ results }, ids) {
  const found = new Map(results.map((one) => [one.id, one]));
  return ids.map((id) => found.get(id) ?? null);
}

/**
 * GraphQL Mesh over HubSpot, as a server: composed of a configuration, and run by Hive Gateway's runtime.
 * @param tuned contacts of meetings are read in batches, by a resolver
 * @returns the URL of the graph
 */
export async function startMesh({ origin, accessToken, tuned }) {
  const config = defineConfig({
    subgraphs: [
      {
        sourceHandler: loadJSONSchemaSubgraph("HubSpot", {
          endpoint: origin,
          operationHeaders: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
          operations,
        }),
      },
    ],
    additionalTypeDefs: tuned ? DECLARED : LINKED,
  });
  const gateway = createGatewayRuntime({
    supergraph: await getComposedSchemaFromConfig(config, new DefaultLogger("bench")),
    ...(tuned ? { additionalResolvers: batchingResolvers } : {}),
    logging: false,
    landingPage: false,
    graphiql: false,
  });
  // As fastify has it in the other servers: a connection is not closed while those are loaded.
  const server = createServer({ keepAliveTimeout: 72_000 }, gateway);
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}/graphql`;
}
