import { readFileSync } from "node:fs";
import { buildSchema, getNamedType, isLeafType, isObjectType } from "graphql";

const schema = buildSchema(readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8"));
const RESOURCES = ["contact", "lead", "meeting"];
const TITLES = { contact: "Contact", lead: "Lead", meeting: "Meeting" };

/** How often an edge is chosen. Few leads of an account are converted, and few of its meetings are about leads. */
const [OFTEN, RARELY] = [0.3, 0.05];
/** People are priced for three rounds of look-ups, of which most take one. */
const PERSON = 0.01;

/** The edges of a record: what is at the other end, whether it is a page, and how often it is chosen. */
const EDGES = {
  contact: { meetings: ["meeting", true, OFTEN], leads: ["lead", true, OFTEN] },
  lead: { contact: ["contact", false, OFTEN], convertedContact: ["contact", false, RARELY] },
  meeting: { contacts: ["contact", false, OFTEN], leads: ["lead", false, RARELY] },
};

/** Fields without records below them. What needs the operator's leave, and the connection, are chosen elsewhere. */
const VALUES = Object.fromEntries(
  RESOURCES.map((resource) => {
    const fields = Object.values(schema.getType(TITLES[resource]).getFields());
    const skipped = new Set(["raw", "connection", "provider", "attendees", "person", ...Object.keys(EDGES[resource])]);
    return [resource, fields.filter(({ name }) => !skipped.has(name)).map((field) => withLeaves(field))];
  }),
);

/** A field with all leaves below it. */
function withLeaves({ name, type }) {
  const named = getNamedType(type);
  if (isLeafType(named) || !isObjectType(named)) return name;
  const leaves = Object.values(named.getFields()).filter((field) => isLeafType(getNamedType(field.type)));
  return `${name} { ${leaves.map((field) => field.name).join(" ")} }`;
}

/** Random operations of which every list is full in an account that has enough records. */
export class PricedOperations {
  #random;
  /** Slug → resource → the fields that the CRM orders its list by. */
  #resources;
  /** Slug → resource → native ids. */
  #ids;

  constructor(random, resources, ids) {
    this.#random = random;
    this.#resources = resources;
    this.#ids = ids;
  }

  /** @returns a document, and the CRMs that it asks */
  next() {
    const random = this.#random;
    const slugs = random.chance(0.8) ? [random.pick(Object.keys(this.#resources))] : this.#some(random.int(2, 4));
    const roots = Array.from({ length: random.int(1, 3) }, (_, index) => this.#root(`r${index}`, random.pick(slugs)));
    return { query: `{ ${roots.join(" ")} }`, slugs };
  }

  #root(alias, slug) {
    const random = this.#random;
    const resource = random.pick(Object.keys(this.#resources[slug]));
    const kind = random.pick(["list", "list", "list", "list", "ids", "connections"]);
    if (kind === "ids") {
      const ids = random.some(this.#ids[slug][resource], random.pick([0.02, 0.2, 0.9])).slice(0, 30);
      const named = ids.length > 0 ? ids : this.#ids[slug][resource].slice(0, 1);
      const selection = this.#selection(resource, 2);
      const one = (id, index) =>
        `${alias}${index}: ${resource}(provider: "${slug}", id: ${JSON.stringify(id)}) ${selection}`;
      return named.map(one).join(" ");
    }
    const first = random.pick([1, 2, 5, 10, 25, 50]);
    const orders = this.#resources[slug][resource];
    const isOrdered = orders.length > 0 && random.chance(0.15);
    const order = isOrdered ? `, orderBy: { field: ${random.pick(orders)}, direction: DESC }` : "";
    const selection = this.#selection(resource, first > 10 ? 2 : 3);
    if (kind === "list")
      return `${alias}: ${resource}s(provider: "${slug}", first: ${first}${order}) { ${this.#page(selection)} }`;
    return `${alias}: connections { id ${resource}s(first: ${first}) { nodes ${selection} } }`;
  }

  #page(selection) {
    const shown = this.#random.chance(0.8) ? `nodes ${selection}` : `edges { cursor node ${selection} }`;
    return this.#random.chance(0.5) ? `${shown} pageInfo { hasNextPage endCursor }` : shown;
  }

  #selection(resource, depth) {
    const random = this.#random;
    const parts = random.some(VALUES[resource], random.pick([0.1, 0.2, 0.6]));
    for (const [edge, [target, isPage, share]] of Object.entries(EDGES[resource])) {
      if (depth < 2 || !random.chance(share)) continue;
      const below = this.#selection(target, depth - 1);
      parts.push(isPage ? `${edge}(first: ${random.int(1, 3)}) { ${this.#page(below)} }` : `${edge} ${below}`);
    }
    if (resource === "meeting" && random.chance(0.4)) {
      const contact = random.chance(0.5) ? ` contact ${this.#selection("contact", depth - 1)}` : "";
      parts.push(`attendees { isOrganizer ${random.pick(["", "name", "name email", "response"])}${contact} }`);
    }
    if (random.chance(0.05)) parts.push("connection { id status }");
    if (resource !== "meeting" && random.chance(PERSON)) parts.push("person { id email contacts { id } }");
    return `{ id ${parts.join(" ")} }`;
  }

  #some(count) {
    return Array.from({ length: count }, () => this.#random.pick(Object.keys(this.#resources)));
  }
}
