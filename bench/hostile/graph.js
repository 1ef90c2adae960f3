import { readFileSync } from "node:fs";
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";

const schema = buildSchema(readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8"));
const RECORDS = ["Contact", "Lead", "Meeting", "Connection"];

/** Makes operations that the schema accepts, of random fields, arguments and edges between records. */
export class QueryMaker {
  #random;
  #targets;
  #fields;

  /** @param fields how many fields an operation has at most, roughly */
  constructor(random, targets, { fields = 60 } = {}) {
    this.#random = random;
    this.#targets = targets;
    this.#fields = fields;
  }

  /** A query of at most so many levels. */
  query(depth) {
    return `query Random ${this.#selections(schema.getQueryType(), depth)}`;
  }

  /** Some fields of a type, e.g. "Contact", in braces. */
  selectionOf(typeName, depth) {
    return this.#selections(schema.getType(typeName), depth);
  }

  #selections(type, depth) {
    if (isInterfaceType(type)) {
      const of = this.#random.pick(RECORDS);
      return `{ __typename id ... on ${of} ${this.#selections(schema.getType(of), depth)} }`;
    }
    const chosen = this.#random.some(Object.values(type.getFields()), this.#random.pick([0.1, 0.3, 0.8]));
    const texts = chosen.flatMap((field) => this.#field(field, depth) ?? []);
    return `{ ${texts.length > 0 ? texts.join(" ") : "__typename"} }`;
  }

  #field({ name, type, args }, depth) {
    if (this.#fields <= 0) return null;
    const named = getNamedType(type);
    const isLeaf = isLeafType(named);
    if (!isLeaf && depth <= 1) return null;
    this.#fields -= 1;
    const alias = this.#random.chance(0.1) ? `a${this.#fields}: ` : "";
    const given = args.flatMap((arg) => {
      const isWanted = isNonNullType(arg.type) || arg.name === "provider" || this.#random.chance(0.25);
      return isWanted ? [`${arg.name}: ${this.#value(arg.type, arg.name, name)}`] : [];
    });
    const written = `${alias}${name}${given.length > 0 ? `(${given.join(", ")})` : ""}`;
    return isLeaf ? written : `${written} ${this.#selections(named, depth - 1)}`;
  }

  #value(type, name, field) {
    if (isNonNullType(type)) return this.#value(type.ofType, name, field);
    if (isListType(type)) {
      const length = this.#random.int(1, 8);
      return `[${Array.from({ length }, () => this.#value(type.ofType, name, field)).join(", ")}]`;
    }
    const known = this.#known(name, field);
    if (known !== undefined) return typeof known === "number" ? String(known) : JSON.stringify(known);
    if (isEnumType(type)) return this.#random.pick(type.getValues()).name;
    if (isInputObjectType(type)) return this.#object(type);
    switch (type.name) {
      case "Boolean":
        return String(this.#random.chance(0.5));
      case "Int":
        return String(this.#random.int(0, 100));
      case "DateTime":
        return JSON.stringify(new Date(Date.UTC(2020 + this.#random.int(0, 8), this.#random.int(0, 11))).toISOString());
      default:
        return JSON.stringify(this.#random.word());
    }
  }

  #object(type) {
    const fields = Object.values(type.getFields());
    const chosen = fields.filter((field) => isNonNullType(field.type) || this.#random.chance(0.15));
    return `{ ${chosen.map((field) => `${field.name}: ${this.#value(field.type, field.name, type.name)}`).join(", ")} }`;
  }

  /** Arguments that mean something take what exists, so that the operation gets as far as the CRMs. */
  #known(name, field) {
    const { providers, endUsers, connections, records } = this.#targets;
    if (name === "provider" || name === "slug") return this.#random.pick(providers);
    if (name === "endUserId") return this.#random.pick(endUsers);
    if (name === "first") return this.#random.pick([1, 2, 5, 10]);
    if (name === "after") return this.#random.pick(this.#targets.cursors);
    if (name === "connectionId") return this.#random.pick(connections);
    if (name !== "id" && name !== "ids") return undefined;
    if (field === "endUser") return this.#random.pick(endUsers);
    if (field === "connection") return this.#random.pick(connections);
    const of = { contact: "contacts", lead: "leads", meeting: "meetings" }[field];
    return this.#random.pick(of ? records[of] : Object.values(records).flat());
  }
}
