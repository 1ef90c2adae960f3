import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../dist/config.js";
import { DEMO_KEY } from "../dist/demo.js";
import { providers } from "../dist/providers/index.js";
import { startSandbox } from "../dist/sandbox/public.js";
import { startServer } from "../dist/server.js";
import { CREATE_CONNECTION, UPSERT_END_USER } from "./operations.js";
import { pairFigures, population } from "./identity/population.js";
import { Random } from "./hostile/random.js";
import { quantile } from "./statistics.js";

const ACCOUNT = "small";
const END_USER = "identity";
const SIZES = "1,7,50";
const [PRECISION, RATIO] = [0.99, 1.3];
/** The calls that crmesh makes to one account at the same time. */
const CONCURRENT = 10;
/** Every answer comes late, so that the usual times would not be enough. */
const TIMES = { CRMESH_CONNECTION_TIMEOUT_MS: "60000", CRMESH_REQUEST_TIMEOUT_MS: "90000" };

const CREATE = "mutation ($input: ContactInput!) { createContact(input: $input) { id } }";
const PEOPLE = `query ($first: Int!, $after: String, $direction: SortDirection!) { endUser {
  people(first: $first, after: $after, orderBy: { field: CREATED_AT, direction: $direction }) {
    nodes { id contacts { id } completeness { isComplete } } pageInfo { hasNextPage endCursor } } } }`;
const LOOKUP = `query ($email: String!) { endUser { person(email: $email) { contacts { id } } } }`;
const CONTACTS = `query ($first: Int!, $after: String) { endUser { contacts(first: $first, after: $after) {
  nodes { id emails { address } } pageInfo { hasNextPage endCursor } } } }`;

/**
 * (identity) People over ten CRMs: precision and recall of what is taken for one person, every person once over all pages, the time
 * of a page, and the calls against the price. Set from outside: IDENTITY_SEED, IDENTITY_PEOPLE, IDENTITY_SIZES.
 */
export async function measureIdentity(report, environment = process.env) {
  const seed = environment.IDENTITY_SEED ?? "sample";
  const people = Number(environment.IDENTITY_PEOPLE ?? 120);
  const sizes = (environment.IDENTITY_SIZES ?? SIZES).split(",").map(Number);
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-bench-"));
  const sandbox = await startSandbox();
  const config = readConfig(
    { PORT: "0", CRMESH_DATA_DIR: dataDir, CRMESH_LOG_LEVEL: "silent", CRMESH_RATE_LIMIT: "1000000", ...TIMES },
    providers,
  );
  const server = await startServer(config, { sandbox });
  const ask = asker(server.origin);
  try {
    const slugs = providers.all.map(({ slug }) => slug);
    await connect(ask, sandbox, slugs);
    const personOf = new Map();
    for (const record of population(new Random(seed), { people, slugs })) {
      const id = await create(ask, record);
      if (id !== null) personOf.set(id, record.person);
    }
    report.heading(
      `People at ${slugs.length} CRMs (IDENTITY_SEED=${seed}, ${people} people, ${personOf.size} contacts)`,
    );
    const walks = [];
    for (const first of sizes) {
      for (const direction of ["ASC", "DESC"]) walks.push(await walk(ask, { first, direction }));
    }
    printIdentity(report, walks, personOf);
    printPages(report, walks);
    await measurePages(report, ask, slugs);
  } finally {
    await server.close();
    await sandbox.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function asker(origin) {
  return async (query, variables, headers = {}) => {
    const answer = await fetch(`${origin}/graphql`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${DEMO_KEY}`,
        "x-end-user-id": END_USER,
        "content-type": "application/json",
        "x-crmesh-trace": "calls",
        "x-crmesh-price": "show",
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    return answer.json();
  };
}

async function connect(ask, sandbox, slugs) {
  await ask(UPSERT_END_USER, { id: END_USER });
  for (const provider of slugs) {
    const given = sandbox.credentials(provider, ACCOUNT);
    const names = providers.get(provider).credentialFields.map(({ name }) => name);
    const credentials = Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]]));
    const { errors } = await ask(CREATE_CONNECTION, { endUserId: END_USER, provider, credentials });
    if (errors) throw new Error(`${provider}: ${JSON.stringify(errors[0])}`);
  }
}

/**
 * Creates a contact with as many of its addresses as the CRM takes: some store one, and some refuse an address that another
 * contact has.
 * @returns its id, or null if the CRM takes none of them
 */
async function create(ask, { slug, firstName, lastName, emails, phone }) {
  for (let count = emails.length; count > 0; count -= 1) {
    const addresses = [...new Set(emails.slice(0, count))].map((address) => ({ address }));
    const input = { firstName, lastName, emails: addresses, phones: [{ number: phone }] };
    const query = CREATE.replace("input: $input", `provider: "${slug}", input: $input`);
    const { data, errors } = await ask(query, { input });
    if (data?.createContact) return data.createContact.id;
    if (!["INVALID_INPUT", "DUPLICATE_RECORD"].includes(errors[0].extensions.code))
      throw new Error(`${slug}: ${JSON.stringify(errors[0])}`);
  }
  return null;
}

/** Walks over all people. */
async function walk(ask, { first, direction }) {
  const walked = { first, direction, groups: [], pages: 0, calls: 0, price: 0, beyond: 0, incomplete: 0 };
  let after = null;
  do {
    const { data, errors, extensions } = await ask(PEOPLE, { first, after, direction });
    if (errors) throw new Error(`The answer has errors: ${JSON.stringify(errors[0])}`);
    const { nodes, pageInfo } = data.endUser.people;
    for (const { contacts, completeness } of nodes) {
      walked.groups.push(contacts.map(({ id }) => id));
      if (!completeness.isComplete) walked.incomplete += 1;
    }
    walked.pages += 1;
    const made = Map.groupBy(firstAttempts(extensions), ({ connectionId }) => connectionId);
    for (const { connectionId, calls } of extensions.price.connections) {
      const own = made.get(connectionId)?.length ?? 0;
      walked.calls += own;
      if (own > calls) walked.beyond += 1;
    }
    walked.price += extensions.price.calls;
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return walked;
}

function firstAttempts({ calls }) {
  return calls.filter(({ attempt }) => attempt === 1);
}

function printIdentity(report, walks, personOf) {
  const { precision, recall, found, real } = pairFigures(walks.at(-1).groups, personOf);
  report.table(
    ["pairs of contacts", "", "bound", ""],
    [
      ["taken for one person", found, "", ""],
      ["of one person", real, "", ""],
      [
        "precision (EXACT)",
        precision.toFixed(4),
        `≥ ${PRECISION}`,
        report.verdict("(identity) 1 − precision", 1 - precision, 1 - PRECISION),
      ],
      ["recall", recall.toFixed(4), "", ""],
    ],
  );
}

function printPages(report, walks) {
  const keyOf = (group) => [...group].sort().join(" ");
  const expected = walks[0].groups.map(keyOf).sort();
  report.text("");
  report.table(
    [
      "pages of",
      "order",
      "pages",
      "people",
      "twice",
      `other than in pages of ${walks[0].first}`,
      "incomplete",
      "calls",
      "priced",
      "beyond its price",
    ],
    walks.map((one) => {
      const keys = one.groups.map(keyOf).sort();
      const twice = keys.length - new Set(keys).size;
      const other =
        keys.filter((key) => !expected.includes(key)).length + expected.filter((key) => !keys.includes(key)).length;
      const name = `(identity) pages of ${one.first} ${one.direction}`;
      const verdict = (text, count) => `${count}, ${report.verdict(`${name}: ${text}`, count, 0)}`;
      return [
        one.first,
        one.direction,
        one.pages,
        keys.length,
        verdict("people twice", twice),
        verdict("other people", other),
        one.incomplete,
        one.calls,
        one.price,
        verdict("connections beyond their price", one.beyond),
      ];
    }),
  );
}

/**
 * The time of pages of 50 while every answer of every CRM comes 1.5 s late. A page of people should take what its page of
 * contacts takes alone, and for each round what the look-up of one address takes at the slowest CRM. Pipedrive takes one address
 * per call, and ten calls at a time, so that a round of many addresses takes it several calls, one after the other.
 */
async function measurePages(report, ask, slugs) {
  const late = { "x-sandbox-fault": slugs.map((slug) => `${slug}=SLOW`).join(", ") };
  let slowestCall = 0;
  const timed = async (query, variables) => {
    const startedAt = performance.now();
    const { data, errors, extensions } = await ask(query, variables, late);
    if (errors) throw new Error(`The answer has errors: ${JSON.stringify(errors[0])}`);
    slowestCall = Math.max(slowestCall, ...extensions.calls.map(({ durationMs }) => durationMs));
    return { ms: performance.now() - startedAt, data };
  };
  const addresses = new Map();
  const pages = [];
  let after = null;
  do {
    const { ms, data } = await timed(CONTACTS, { first: 50, after });
    const { nodes, pageInfo } = data.endUser.contacts;
    pages.push({ ms, ids: nodes.map(({ id }) => id) });
    for (const { id, emails } of nodes) {
      const own = emails.map(({ address }) => address.toLowerCase());
      addresses.set(id, own);
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  const lookups = [];
  for (const email of seededAddresses(addresses).slice(0, 5)) lookups.push((await timed(LOOKUP, { email })).ms);
  const lookup = Math.max(...lookups);
  const times = [];
  let people = null;
  for (const page of pages) {
    const { ms, data } = await timed(PEOPLE, { first: 50, after: people, direction: "ASC" });
    people = data.endUser.people.pageInfo.endCursor;
    const rounds = roundsOf(page.ids, addresses);
    const batches = rounds.map((looked) => Math.max(lookup, Math.ceil(looked / CONCURRENT) * slowestCall));
    const expected = batches.reduce((sum, one) => sum + one, page.ms);
    times.push({ ms, page: page.ms, rounds, ratio: ms / expected, simple: ms / (page.ms + rounds.length * lookup) });
  }
  const p95Of = (read) => quantile(times.map(read), 0.95);
  const p95 = p95Of(({ ratio }) => ratio);
  const all = (read) => times.map(read).join(", ");
  report.text("");
  report.table(
    ["pages of 50, every answer 1.5 s late", "", "bound", ""],
    [
      ["look-up of one address at ten CRMs, ms", lookup.toFixed(0), "", ""],
      ["pages of contacts alone, ms", all(({ page }) => page.toFixed(0)), "", ""],
      ["pages of people, ms", all(({ ms }) => ms.toFixed(0)), "", ""],
      ["addresses of each round of look-ups", all(({ rounds }) => rounds.join(" + ")), "", ""],
      ["p95 of people ÷ (contacts + rounds × look-up)", p95Of(({ simple }) => simple).toFixed(2), "", ""],
      [
        "p95 of people ÷ (contacts + look-ups of ten addresses at a time)",
        p95.toFixed(2),
        `≤ ${RATIO}`,
        report.verdict("(identity) time of a page", p95, RATIO),
      ],
    ],
  );
}

/** Addresses that each CRM has, of its own seeded contacts: they take one round. */
function seededAddresses(addresses) {
  const counts = new Map();
  for (const own of addresses.values()) {
    if (own.length === 1) counts.set(own[0], (counts.get(own[0]) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count === 10).map(([address]) => address);
}

/** The rounds of look-ups that find everybody who is connected with some contacts, three at most: how many addresses each has. */
function roundsOf(ids, addresses) {
  const holders = new Map();
  for (const [id, own] of addresses) {
    for (const address of own) holders.set(address, [...(holders.get(address) ?? []), id]);
  }
  const seen = new Set();
  let next = new Set(ids.flatMap((id) => addresses.get(id)).filter(isLookedUp));
  const rounds = [];
  while (next.size > 0 && rounds.length < 3) {
    rounds.push(next.size);
    for (const address of next) seen.add(address);
    const found = [...next].filter(leadsOn).flatMap((address) => holders.get(address) ?? []);
    const further = found.flatMap((id) => addresses.get(id));
    next = new Set(further.filter((address) => isLookedUp(address) && !seen.has(address)));
  }
  return rounds;
}

function isLookedUp(address) {
  return !/^(info|sales|office|support|kontakt)@/.test(address);
}

/** What many share is looked up, and leads nowhere. */
function leadsOn(address) {
  return !address.startsWith("lobby.tablet@");
}
