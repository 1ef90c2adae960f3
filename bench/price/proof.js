import { PricedOperations } from "./operations.js";
import { Random } from "../hostile/random.js";

const HEADERS = { "x-crmesh-price": "show", "x-crmesh-trace": "calls" };

/**
 * @typedef {object} ComparedPrice
 * @property {number} index
 * @property {string} query
 * @property {number} price the calls of the price
 * @property {number} calls the calls that were made, without retries
 * @property {string[]} paths of the calls
 * @property {[string, number][]} exceeded connections at which more calls were made than priced
 * @property {unknown[]} held errors of calls that were not made, because they would have exceeded the price
 * @property {unknown[]} failures all other errors
 * @property {string[]} providers
 */

/**
 * Compares prices with the calls that operations make, each at connections of its own, so that no definition is known yet.
 * @param stage `resources`: slug → resource → the fields that the CRM orders its list by; `connect(endUser, slug)`; `ask(query, endUser, headers)` → the body
 * @returns {Promise<ComparedPrice[]>} one entry for each operation
 */
export async function comparePrices({ resources, connect, ask }, { seed, count }) {
  const random = new Random(seed);
  const operations = new PricedOperations(random, resources, await idsOf({ resources, connect, ask }));
  const compared = [];
  for (let index = 0; compared.length < count; index += 1) {
    const { query, slugs } = operations.next();
    const endUser = `price-${seed}-${index}`;
    for (const slug of new Set(slugs)) await connect(endUser, slug);
    const { extensions, errors = [] } = await ask(query, endUser, HEADERS);
    const { price, calls = [] } = extensions ?? {};
    // An operation beyond a bound makes no call.
    if (errors.length === 1 && errors[0].extensions.bound) continue;
    if (price === undefined) throw new Error(`Operation ${index} has no price: ${JSON.stringify(errors[0])}\n${query}`);
    const firsts = calls.filter(({ attempt }) => attempt === 1);
    const made = new Map();
    for (const { connectionId } of firsts) made.set(connectionId, (made.get(connectionId) ?? 0) + 1);
    const exceeded = [...made].filter(([id, number]) => {
      return number > (price.connections.find(({ connectionId }) => connectionId === id)?.calls ?? 0);
    });
    const held = errors.filter(({ extensions: { errors: named } }) => /price/.test(JSON.stringify(named ?? {})));
    compared.push({
      index,
      query,
      price: price.calls,
      calls: firsts.length,
      paths: firsts.map(({ provider, method, path }) => `${provider} ${method} ${path}`),
      exceeded,
      held,
      failures: errors.filter((error) => !held.includes(error) && error.extensions.code !== "UNSUPPORTED_RESOURCE"),
      providers: price.connections.map(({ provider }) => provider),
    });
  }
  return compared;
}

async function idsOf({ resources, connect, ask }) {
  const ids = {};
  for (const [slug, names] of Object.entries(resources)) {
    await connect("price-ids", slug);
    ids[slug] = {};
    for (const name of Object.keys(names)) {
      const body = await ask(`{ ${name}s(provider: "${slug}", first: 100) { nodes { nativeId } } }`, "price-ids", {});
      ids[slug][name] = body.data[`${name}s`].nodes.map(({ nativeId }) => nativeId);
    }
  }
  return ids;
}
