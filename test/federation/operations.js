/**
 * The operations whose answers through a gateway must equal the direct ones. Each has a name and:
 *
 *   query, variables, headers   sent to the gateway and to `/graphql` of the same crmesh
 *   entities                    instead: objects that another subgraph names by a key, compared with `_entities`
 *   before                      what is done first, before each of the two answers; it may return variables
 *   server                      which crmesh; `main` unless given
 *   missing                     instead of null, for an entity whose fields may all be null: the other subgraph says it exists
 *   code                        a code that the answer must have, so that the case is about what it says
 */
const CONTACT = "nativeId providerSlug endUserId fullName firstName lastName emails { address type } phones { number }";
const LEAD = "nativeId providerSlug subject fullName status";
const MEETING = "nativeId title startAt endAt isAllDay attendees { name email }";
const PAGE = "pageInfo { hasNextPage hasPreviousPage }";
const at = (provider, endUserId = "ann") => `provider: "${provider}", endUserId: "${endUserId}"`;
const fault = (...pairs) => ({ "x-sandbox-fault": pairs.join(", ") });
const ANN = 'endUserId: "ann"';
const ONE_CONTACT = `{ contacts(first: 1, ${at("hubspot")}) { nodes { fullName } } }`;

/** @param known ids from direct lists: `contacts`, `leads`, `meetings` and `connections`, by slug, and `people` with their addresses */
export function operations({ slugs, known, ask, key }) {
  return [
    ...lists(slugs, known),
    ...singles(slugs, known),
    ...shapes(known),
    ...overAllCrms(known, ask),
    ...entities(slugs, known),
    ...failures(slugs, known, ask, key),
    ...mutations(ask),
  ];
}

function lists(slugs, known) {
  return slugs.flatMap((slug) => [
    { name: `contacts of ${slug}`, query: `{ contacts(first: 5, ${at(slug)}) { nodes { ${CONTACT} } ${PAGE} } }` },
    {
      name: `leads of ${slug}`,
      ...(known.leads[slug].length === 0 ? { code: "UNSUPPORTED_RESOURCE" } : {}),
      query: `{ leads(first: 5, ${at(slug)}) { nodes { ${LEAD} } ${PAGE} } }`,
    },
    { name: `meetings of ${slug}`, query: `{ meetings(first: 5, ${at(slug)}) { nodes { ${MEETING} } ${PAGE} } }` },
  ]);
}

function singles(slugs, known) {
  return slugs.flatMap((slug) => [
    {
      name: `a contact of ${slug} by its global id`,
      query: `query ($id: ID!) { contact(id: $id) { ${CONTACT} company { name } owner { name } } }`,
      variables: { id: known.contacts[slug][0].id },
    },
    {
      name: `a contact of ${slug} by the CRM's id, with its lists`,
      query: `query ($id: ID!) { contact(id: $id, ${at(slug)}) { fullName meetings(first: 2) { nodes { title } } connection { provider { slug name } } } }`,
      variables: { id: known.contacts[slug][0].nativeId },
    },
  ]);
}

function shapes({ contacts, connections }) {
  const [{ id }] = contacts.hubspot;
  return [
    {
      name: "providers",
      query: "{ providers { slug name authType capabilities { __typename } limits { requests perSeconds } } }",
    },
    { name: "a provider", query: '{ provider(slug: "odoo") { name credentialFields { name } } }' },
    { name: "the error codes", query: "{ errorCodes { code message actor } }" },
    {
      name: "an end user",
      query: `{ endUser(${ANN}) { endUserId displayName email connections { status provider { slug } } } }`,
    },
    {
      name: "connections with lists in each",
      query: `{ connections(${ANN}) { provider { slug } contacts(first: 2) { nodes { fullName } } } }`,
    },
    {
      name: "a connection",
      query: "query ($id: ID!) { connection(id: $id) { id status endUserId } }",
      variables: { id: connections.zoho.id },
    },
    {
      name: "the history of connections",
      query: `{ connectionEvents(${ANN}, first: 3) { nodes { type } pageInfo { hasNextPage } } }`,
    },
    {
      name: "aliases of fields and arguments",
      query: `{ a: contacts(first: 1, ${at("hubspot")}) { n: nodes { f: fullName g: fullName } } b: contacts(first: 2, ${at("odoo")}) { n: nodes { f: fullName } } }`,
    },
    {
      name: "an alias with the name of another field",
      query: `{ leads: contacts(first: 1, ${at("zoho")}) { nodes { id: fullName fullName: nativeId } } }`,
    },
    {
      name: "a named fragment",
      query: `query Q { contacts(first: 2, ${at("close")}) { nodes { ...C } } } fragment C on Contact { fullName ...D } fragment D on Contact { nativeId emails { address } }`,
    },
    {
      name: "an inline fragment",
      query: `{ contacts(first: 2, ${at("close")}) { ... on ContactConnection { nodes { ... on Contact { fullName } } } } }`,
    },
    {
      name: "type names",
      query: `{ __typename contacts(first: 1, ${at("attio")}) { __typename nodes { __typename emails { __typename } } pageInfo { __typename } } }`,
    },
    {
      name: "@include and @skip",
      query: `query ($yes: Boolean!, $no: Boolean!) { contacts(first: 1, ${at("attio")}) { nodes { fullName @include(if: $yes) nativeId @skip(if: $yes) firstName @include(if: $no) } } }`,
      variables: { yes: true, no: false },
    },
    {
      name: "a variable in an input object",
      query: `query ($f: ContactFilter, $o: ContactOrderBy, $n: Int = 3) { contacts(first: $n, filter: $f, orderBy: $o, ${at("hubspot")}) { nodes { fullName } } }`,
      variables: { f: { createdSince: "2020-01-01T00:00:00Z" }, o: { field: "CREATED_AT", direction: "DESC" } },
    },
    {
      name: "an enum in the document",
      query: `{ contacts(first: 3, orderBy: { field: CREATED_AT }, ${at("hubspot")}) { nodes { fullName } } }`,
    },
    {
      name: "custom fields as JSON",
      query: "query ($id: ID!) { contact(id: $id) { customFields { key value } } }",
      variables: { id },
    },
    {
      name: "nulls of fields",
      query: "query ($id: ID!) { contact(id: $id) { description department leadSource lastActivityAt title } }",
      variables: { id },
    },
    {
      name: "an empty list",
      query: `{ contacts(filter: { email: "no-one@nowhere.example" }, ${at("hubspot")}) { nodes { fullName } ${PAGE} } }`,
    },
    { name: "two operations and a name", query: `query A { provider(slug: "zoho") { name } }` },
    {
      name: "the raw record",
      query: `query ($id: ID!) { contact(id: $id) { nativeId raw } }`,
      variables: { id: contacts.odoo[0].id },
    },
    {
      name: "the same field in many fragments",
      query: `{ contacts(first: 3, ${at("twenty")}) { nodes { ...A ...B } } } fragment A on Contact { emails { address } } fragment B on Contact { emails { type } phones { number } }`,
    },
  ];
}

const COMPLETENESS =
  "completeness { isComplete missing { code message connection { id } } unsupported { reason connection { id } } }";
const PERSON =
  "id endUserId email displayName emails { address } phones { number } contacts { id } fields { name value source { recordId connection { id } } conflicts { value } } reasons { address records { recordId } } completeness { isComplete isClosed missing { code } }";

/** Lists over all CRMs of an end user, and the people in them. */
function overAllCrms({ people, contacts }, ask) {
  const page = (list, selection) => `{ endUser(${ANN}) { ${list} { ${selection} } } }`;
  const edges = (fields) => `edges { late node { id providerSlug ${fields} } } ${PAGE} ${COMPLETENESS}`;
  const limited = { headers: fault("hubspot=PROVIDER_RATE_LIMITED") };
  const { email } = people[0];
  const second = (list) => async () => {
    const { body } = await ask({ query: page(`${list}(first: 5)`, "pageInfo { endCursor }") });
    return { after: body.data.endUser[list].pageInfo.endCursor };
  };
  return [
    { name: "contacts of all CRMs", query: page("contacts(first: 10)", edges("fullName createdAt")) },
    { name: "leads of all CRMs", query: page("leads(first: 10)", edges("subject createdAt")) },
    { name: "meetings of all CRMs", query: page("meetings(first: 10)", edges("title startAt")) },
    {
      name: "contacts of two CRMs, the newest first",
      query: page(
        'contacts(first: 10, providers: ["odoo", "zoho"], orderBy: { field: UPDATED_AT, direction: DESC })',
        edges("updatedAt"),
      ),
    },
    {
      name: "the second page of contacts of all CRMs",
      query: `query ($after: String) { endUser(${ANN}) { contacts(first: 5, after: $after) { ${edges("fullName")} } } }`,
      before: second("contacts"),
    },
    {
      name: "contacts of all CRMs, of which one answers 429",
      query: page("contacts(first: 10)", edges("id")),
      ...limited,
    },
    {
      name: "contacts of one CRM alone, which answers 429",
      query: page('contacts(first: 10, providers: ["hubspot"])', edges("id")),
      code: "PROVIDER_RATE_LIMITED",
      ...limited,
    },
    {
      name: "contacts of all CRMs with a cursor of nothing",
      query: page('contacts(after: "x")', "nodes { id }"),
      code: "INVALID_INPUT",
    },
    { name: "people", query: page("people(first: 5)", `edges { late node { ${PERSON} } } ${PAGE} ${COMPLETENESS}`) },
    {
      name: "the second page of people",
      query: `query ($after: String) { endUser(${ANN}) { people(first: 5, after: $after) { nodes { id email } ${PAGE} } } }`,
      before: second("people"),
    },
    {
      name: "people while one CRM answers 429",
      query: page("people(first: 5)", `nodes { id email } ${COMPLETENESS}`),
      ...limited,
    },
    { name: "a person by an address", query: page(`person(email: "${email}")`, PERSON) },
    { name: "a person by the address of nobody", query: page('person(email: "nobody@nowhere.example")', "id") },
    { name: "a person by a text that is no address", query: page('person(email: "nobody")', "id") },
    {
      name: "a person's meetings and leads",
      query: page(
        `person(email: "${email}")`,
        "meetings(first: 3) { nodes { title } } leads(first: 3) { nodes { subject } }",
      ),
    },
    {
      name: "the person of each contact",
      query: `{ contacts(first: 3, ${at("attio")}) { nodes { id person { id email } } } }`,
    },
    {
      name: "the person of a contact",
      query: "query ($id: ID!) { contact(id: $id) { person { displayName } } }",
      variables: { id: contacts.zoho[0].id },
    },
  ];
}

function entities(slugs, { contacts, leads, meetings, connections, people }) {
  const byId = (records) => records.map(({ id }) => ({ id }));
  const byNative = (slug, records) =>
    records.map(({ nativeId }) => ({ endUserId: "ann", providerSlug: slug, nativeId }));
  const all = (of) => slugs.flatMap((slug) => byId(of[slug].slice(0, 2)));
  const allNative = (of) => slugs.flatMap((slug) => byNative(slug, of[slug].slice(0, 2)));
  const thousand = slugs.flatMap((slug) => byId(contacts[slug]));
  const repeated = Array.from({ length: 1_000 }, (_, index) => byId(contacts.hubspot)[index % 10]);
  const missing = { endUserId: "ann", providerSlug: "hubspot", nativeId: "1" };
  const entity = (name, type, field, refs, selection, rest = {}) => ({
    name,
    entities: { type, field, refs, selection },
    ...rest,
  });
  const global = (name, type, refs, selection, rest) => entity(name, type, `stored${type}s`, refs, selection, rest);
  const native = (name, type, refs, selection, rest) => entity(name, type, `native${type}s`, refs, selection, rest);
  return [
    global("contacts by global id", "Contact", all(contacts), `id ${CONTACT}`),
    global("leads by global id", "Lead", all(leads), `id ${LEAD}`),
    global("meetings by global id", "Meeting", all(meetings), `id ${MEETING}`),
    global("connections by id", "Connection", byId(Object.values(connections)), "id status provider { slug name }"),
    global(
      "providers by slug",
      "Provider",
      slugs.map((slug) => ({ slug })),
      "slug name authType",
    ),
    native("contacts by the CRM's id", "Contact", allNative(contacts), `id ${CONTACT}`),
    native("leads by the CRM's id", "Lead", allNative(leads), `id ${LEAD}`),
    native("meetings by the CRM's id", "Meeting", allNative(meetings), `id ${MEETING}`),
    global("1,000 representations of ten CRMs", "Contact", thousand, "fullName nativeId"),
    global("1,000 representations, most of them repeated", "Contact", repeated, "fullName nativeId"),
    global("people by global id", "Person", byId(people), "id displayName emails { address }"),
    native(
      "people by their address",
      "Person",
      people.map(({ email }) => ({ endUserId: "ann", email })),
      "displayName contacts { id }",
    ),
    entity(
      "lists over all CRMs of end users",
      "EndUser",
      "customers",
      ["ann", "lonely", "nobody"].map((endUserId) => ({ endUserId })),
      `contacts(first: 3) { nodes { fullName } completeness { isComplete } } people(first: 3) { nodes { email } }`,
    ),
    entity(
      "end users",
      "EndUser",
      "customers",
      ["ann", "bob", "lonely", "nobody"].map((endUserId) => ({ endUserId })),
      "endUserId displayName connections { provider { slug } }",
    ),
    entity(
      "end users with lists of their CRMs",
      "EndUser",
      "customers",
      ["ann", "bob"].map((endUserId) => ({ endUserId })),
      "connections { provider { slug } contacts(first: 1) { nodes { fullName } } meetings(first: 1) { nodes { title } } }",
    ),
    entity(
      "end users while one CRM answers 429",
      "EndUser",
      "customers",
      ["ann", "bob"].map((endUserId) => ({ endUserId })),
      "connections { provider { slug } contacts(first: 1) { nodes { fullName } } }",
      { headers: fault("hubspot=PROVIDER_RATE_LIMITED"), code: "PROVIDER_RATE_LIMITED" },
    ),
    global("contacts while one CRM answers 429", "Contact", all(contacts), "fullName", {
      headers: fault("hubspot=PROVIDER_RATE_LIMITED"),
      code: "PROVIDER_RATE_LIMITED",
    }),
    native(
      "a contact that is missing among others",
      "Contact",
      [...byNative("odoo", contacts.odoo.slice(0, 1)), missing, ...byNative("zoho", contacts.zoho.slice(0, 1))],
      "fullName",
      { code: "CONTACT_NOT_FOUND" },
    ),
    native("a lead that is missing", "Lead", [missing], "subject", {
      code: "LEAD_NOT_FOUND",
      missing: { subject: null },
    }),
    native("a meeting that is missing", "Meeting", [missing], "title", {
      code: "MEETING_NOT_FOUND",
      missing: { title: null },
    }),
    native(
      "a contact of a provider that is missing",
      "Contact",
      [{ ...missing, providerSlug: "nosuchcrm" }],
      "fullName",
      { code: "PROVIDER_NOT_FOUND" },
    ),
    global("a contact by an id of nothing", "Contact", [{ id: "x" }], "fullName", { code: "INVALID_INPUT" }),
    global("contacts of another end user than the header's", "Contact", all(contacts), "fullName", {
      headers: { "x-end-user-id": "bob" },
      code: "END_USER_NOT_FOUND",
    }),
  ];
}

function failures(slugs, known, ask, key) {
  const mutation = (text, provider = "hubspot") =>
    `mutation { createContact(${at(provider)}, input: ${text}) { nativeId } }`;
  const one = (name) => ({ code: name, name, query: ONE_CONTACT, headers: fault(`hubspot=${name}`) });
  const every = (name) =>
    `{ ${slugs.map((slug) => `${slug}: ${name}(first: 1, ${at(slug)}) { nodes { id } }`).join(" ")} }`;
  const twice = mutation('{ emails: [{ address: "twice@example.com" }] }');
  const broken = { query: `{ contacts(first: 1, ${at("hubspot", "broken")}) { nodes { fullName } } }` };
  const codes = [
    { code: "INVALID_API_KEY", query: ONE_CONTACT, headers: { authorization: "Bearer sk_test_wrong" }, whole: true },
    { code: "FORBIDDEN", query: ONE_CONTACT, headers: { authorization: `Bearer ${key.leads}` } },
    { code: "CONTACT_NOT_FOUND", query: `{ contact(id: "1", ${at("hubspot")}) { fullName } }` },
    { code: "LEAD_NOT_FOUND", query: `{ lead(id: "1", ${at("hubspot")}) { subject } }` },
    { code: "MEETING_NOT_FOUND", query: `{ meeting(id: "1", ${at("hubspot")}) { title } }` },
    { code: "PROVIDER_NOT_FOUND", query: `{ contacts(${at("nosuchcrm")}) { nodes { id } } }` },
    { code: "CONNECTION_NOT_FOUND", query: `{ contacts(${at("hubspot", "lonely")}) { nodes { id } } }` },
    { code: "END_USER_NOT_FOUND", query: `{ contacts(${at("hubspot", "nobody")}) { nodes { id } } }` },
    {
      code: "CONNECTION_ALREADY_EXISTS",
      query:
        'mutation { createConnection(input: { endUserId: "ann", provider: "hubspot", credentials: { accessToken: "pat-sandbox-demo" } }) { id } }',
    },
    { code: "INVALID_INPUT", query: `{ contacts(first: 101, ${at("hubspot")}) { nodes { id } } }` },
    { code: "MISSING_REQUIRED", query: mutation('{ firstName: "Ann" }', "salesforce") },
    { code: "MISSING_PROVIDER", query: `{ contacts(${ANN}) { nodes { id } } }` },
    { code: "UNSUPPORTED_RESOURCE", server: "small", query: `{ leads(${at("hubspot")}) { nodes { subject } } }` },
    {
      code: "INVALID_DATE_RANGE",
      query: `mutation { createMeeting(${at("hubspot")}, input: { title: "Back", startAt: "2026-05-01T10:00:00Z", endAt: "2026-05-01T09:00:00Z" }) { nativeId } }`,
    },
    ...["PROVIDER_ERROR", "PROVIDER_RATE_LIMITED", "PROVIDER_AUTH_FAILED", "NEEDS_REAUTH"].map(one),
    { ...one("PROVIDER_UNAVAILABLE") },
    {
      code: "CIRCUIT_OPEN",
      ...broken,
      headers: { authorization: `Bearer ${key.failing}`, ...fault("hubspot=PROVIDER_UNAVAILABLE") },
      before: async (self) => {
        for (let answers = 0; answers < 10; answers += 1) {
          const { body } = await ask(self);
          if (body.errors?.[0].extensions.code === "CIRCUIT_OPEN") return;
        }
        throw new Error("The circuit does not open.");
      },
    },
    { code: "INTERNAL_ERROR", server: "broken", query: `{ connections(${ANN}) { id } }`, whole: true },
    { code: "SERVICE_UNAVAILABLE", server: "shut", query: ONE_CONTACT, whole: true },
    {
      code: "RATE_LIMITED",
      server: "strict",
      query: "{ errorCodes { code } }",
      whole: true,
      before: async (self) => void (await ask(self)),
    },
    { code: "DUPLICATE_RECORD", query: twice, before: async (self) => void (await ask(self)) },
  ].map((operation) => ({ ...operation, name: `the code ${operation.code}` }));
  return [
    ...codes,
    ...slugs.map((slug) => ({
      name: `${slug} answers 429, the others answer`,
      query: every("contacts"),
      headers: fault(`${slug}=PROVIDER_RATE_LIMITED`),
      code: "PROVIDER_RATE_LIMITED",
      partial: slug,
    })),
    {
      name: "two CRMs fail differently",
      query: every("meetings"),
      headers: fault("hubspot=PROVIDER_RATE_LIMITED", "zoho=PROVIDER_AUTH_FAILED"),
      code: "PROVIDER_AUTH_FAILED",
    },
    {
      name: "a failed alias beside a good one",
      query: `{ good: contact(id: "${known.contacts.odoo[0].id}") { fullName } bad: contact(id: "1", ${at("hubspot")}) { fullName } }`,
      code: "CONTACT_NOT_FOUND",
    },
    {
      name: "lists of connections while one CRM answers 429",
      query: `{ connections(${ANN}) { provider { slug } leads(first: 1) { nodes { subject } } } }`,
      headers: fault("zoho=PROVIDER_RATE_LIMITED"),
      code: "PROVIDER_RATE_LIMITED",
    },
  ];
}

function mutations(ask) {
  const made = (resource, input) => async () => {
    const document = `mutation { made: create${resource}(${at("hubspot")}, input: ${input}) { id } }`;
    const { body } = await ask({ query: document });
    return { id: body.data.made.id };
  };
  const contact = made("Contact", '{ lastName: "Made" }');
  const meeting = made("Meeting", '{ title: "Made", startAt: "2026-05-01T10:00:00Z", endAt: "2026-05-01T11:00:00Z" }');
  return [
    {
      name: "createContact",
      query: `mutation ($input: ContactInput!) { createContact(${at("hubspot")}, input: $input) { fullName firstName providerSlug } }`,
      variables: { input: { firstName: "New", lastName: "One" } },
    },
    {
      name: "updateContact",
      query: 'mutation ($id: ID!) { updateContact(id: $id, input: { firstName: "Changed" }) { fullName } }',
      before: contact,
    },
    { name: "deleteContact", query: "mutation ($id: ID!) { deleteContact(id: $id) { __typename } }", before: contact },
    {
      name: "updateMeeting",
      query: 'mutation ($id: ID!) { updateMeeting(id: $id, input: { title: "Moved" }) { title startAt } }',
      before: meeting,
    },
    { name: "deleteMeeting", query: "mutation ($id: ID!) { deleteMeeting(id: $id) { __typename } }", before: meeting },
    {
      name: "upsertEndUser",
      query: 'mutation { upsertEndUser(input: { endUserId: "carl", displayName: "Carl" }) { endUserId displayName } }',
    },
    {
      name: "three mutations in a row, of which one fails",
      query: `mutation { a: createContact(${at("odoo")}, input: { lastName: "A" }) { fullName } b: createContact(${at("salesforce")}, input: { firstName: "B" }) { fullName } c: createContact(${at("zoho")}, input: { lastName: "C" }) { fullName } }`,
      code: "MISSING_REQUIRED",
    },
    {
      name: "a write while its CRM answers 429",
      query: `mutation { createContact(${at("zoho")}, input: { lastName: "Late" }) { fullName } }`,
      headers: fault("zoho=PROVIDER_RATE_LIMITED"),
      code: "PROVIDER_RATE_LIMITED",
    },
  ];
}
