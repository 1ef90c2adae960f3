import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from "graphql";
import type { Seeded } from "./seeded.js";

/** Makes valid operations with aliases, fragments, arguments, variables and conditions. */
export class RandomDocument {
  readonly #random: Seeded;
  readonly #schema: GraphQLSchema;
  readonly #fragments: string[] = [];
  #fields = 40;

  constructor(random: Seeded, schema: GraphQLSchema) {
    this.#random = random;
    this.#schema = schema;
  }

  operation(): string {
    const isMutation = this.#random.chance(0.15);
    const root = isMutation ? this.#schema.getMutationType()! : this.#schema.getQueryType()!;
    const selections = this.#selections(root, 5);
    return `${isMutation ? "mutation" : "query"} Random($yes: Boolean!, $no: Boolean = false, $by: Int) ${selections}\n${this.#fragments.join("\n")}`;
  }

  #selections(type: GraphQLCompositeType, depth: number): string {
    const texts = this.#random.chance(0.2) ? ["__typename"] : [];
    const fields = "getFields" in type ? Object.values(type.getFields()) : [];
    // Twice, so that the same field is selected in several places and merged.
    for (const field of [...this.#random.some(fields, 0.5), ...this.#random.some(fields, 0.1)])
      texts.push(...this.#field(field, depth));
    for (const one of this.#random.some(this.#conditionsOf(type), 0.4)) texts.push(this.#fragment(one, depth));
    return `{ ${texts.length > 0 ? texts.join(" ") : "__typename"} }`;
  }

  #conditionsOf(type: GraphQLCompositeType): GraphQLCompositeType[] {
    if (isAbstractType(type)) return [type, ...this.#schema.getPossibleTypes(type)];
    return isObjectType(type) ? [type, ...type.getInterfaces()] : [type];
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    if (depth <= 1) return "__typename";
    const selections = this.#selections(type, depth - 1);
    if (this.#random.chance(0.5)) return `... on ${type.name} ${this.#condition()} ${selections}`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${type.name} ${selections}`);
    return `...${name} ${this.#condition()}`;
  }

  #condition(): string {
    if (this.#random.chance(0.75)) return "";
    return `@${this.#random.pick(["skip", "include"])}(if: ${this.#random.pick(["$yes", "$no", "true", "false"])})`;
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string[] {
    const named = getNamedType(field.type);
    if (this.#fields <= 0 || (depth <= 1 && isCompositeType(named))) return [];
    this.#fields -= 1;
    // The name says what is selected, so that equal names can be merged.
    const given = field.args.flatMap(({ name, type }) =>
      isNonNullType(type) || this.#random.chance(0.5) ? [`${name}: ${this.#value(name)}`] : [],
    );
    const alias = given.length > 0 || this.#random.chance(0.15) ? `a${this.#fields}: ` : "";
    const written = `${alias}${field.name}${given.length > 0 ? `(${given.join(", ")})` : ""} ${this.#condition()}`;
    return [isLeafType(named) ? written : `${written} ${this.#selections(named as GraphQLCompositeType, depth - 1)}`];
  }

  #value(name: string): string {
    if (name === "of") return "[1, 2]";
    if (name === "text") return '"text"';
    return name === "first" ? String(this.#random.int(0, 3)) : this.#random.pick(["1", "$by", "null"]);
  }
}
