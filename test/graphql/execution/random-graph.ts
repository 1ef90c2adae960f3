import {
  buildSchema,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from "graphql";
import { seeded, type Seeded } from "./seeded.js";
import { CrmError } from "../../../src/errors/crm-error.js";

/** Every form of type that an answer can have, nullable and not, alone and in lists. */
const SDL = `
  enum Color { RED GREEN }
  scalar Anything
  interface Named { id: ID! name: String link: Thing }
  union Either = Thing | Person
  type Thing implements Named {
    id: ID! name: String label: String! count: Int color: Color colors: [Color!] anything: Anything
    link: Thing owner: Person! parts: [Thing!]! maybe: [Thing] grid: [[Int!]] named: [Named] either: Either
    scaled(by: Int = 2, of: [Int!]): Int
  }
  type Person implements Named {
    id: ID! name: String link: Thing age: Int! friends: [Person!] things(first: Int!): [Thing]! tags: [String!]!
  }
  type Query { thing: Thing thing2(by: Int): Thing person: Person! people: [Person!] named: Named! either: [Either!] number: Int! }
  type Mutation { write(text: String): Thing remove: Int! person: Person }
`;

/** An object that a resolver returns. */
interface Value {
  type: string;
  /** Its place in the answer, from which the values of its fields follow. */
  at: string;
  /** Whether nothing below it is a promise. */
  isSync: boolean;
}

/** A schema whose resolvers return random values, failures and promises. The same place of the answer always has the same value. */
export function randomGraph(seed: string): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__")) continue;
    if (isAbstractType(type)) {
      type.resolveType = (value: Value) =>
        type.name === "Either" && !value.isSync ? Promise.resolve(value.type) : value.type;
    }
    if (!isObjectType(type)) continue;
    if (type.name === "Person") type.isTypeOf = (value: Value) => value.type !== "Ghost";
    for (const field of Object.values(type.getFields())) {
      // The others are properties, and functions that are properties.
      if (field.name === "name" || field.name === "link") continue;
      field.resolve = (source: Value | undefined, args) => {
        const at = `${source?.at ?? ""}/${type.name}.${field.name}${JSON.stringify(args)}`;
        const random = seeded(`${seed} ${at}`);
        const isSync = source?.isSync ?? random.chance(0.3);
        const value = settled(random, schema, field.type, { at, isSync });
        if (!isSync && random.chance(0.4)) return later(random.int(0, 3), value);
        if (value instanceof Error && random.chance(0.5)) throw value;
        return value;
      };
    }
  }
  return schema;
}

async function later(turns: number, value: unknown): Promise<unknown> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  if (value instanceof Error) throw value;
  return value;
}

type Place = Pick<Value, "at" | "isSync">;

function settled(random: Seeded, schema: GraphQLSchema, given: GraphQLOutputType, { at, isSync }: Place): unknown {
  if (random.chance(0.04)) return null;
  if (random.chance(0.04)) return new CrmError(random.pick(["PROVIDER_ERROR", "CONTACT_NOT_FOUND"]), { detail: at });
  const type = getNullableType(given);
  if (isListType(type)) return listOf(random, schema, type.ofType, { at, isSync });
  if (isLeafType(type)) return leafOf(random, type.name);
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const turns = random.int(0, 3);
  const link = { at: `${at}.link`, isSync, type: "Thing", name: null, link: null };
  return {
    at,
    isSync,
    type: random.chance(0.03) ? "Ghost" : random.pick(possible).name,
    name: random.chance(0.5) ? at : () => `called ${at}`,
    link: random.chance(0.5) ? null : () => (isSync ? link : later(turns, link)),
  } satisfies Value & Record<string, unknown>;
}

/**
 * graphql-js leaves the promises of a list to nobody if a later item fails at once and the list cannot have a null there. So
 * the items of such a list are all promises, or nothing in them is one.
 */
function listOf(random: Seeded, schema: GraphQLSchema, item: GraphQLOutputType, { at, isSync }: Place): unknown {
  if (random.chance(0.03)) return "not a list";
  const isLate = !isSync && random.chance(0.5);
  const mayBeMixed = !isSync && !isNonNullType(item);
  return Array.from({ length: random.int(0, 3) }, (_, index) => {
    const place = { at: `${at}[${index}]`, isSync: isSync || !(isLate || mayBeMixed) };
    const value = settled(random, schema, item, place);
    return isLate || (mayBeMixed && random.chance(0.2)) ? later(random.int(0, 3), value) : value;
  });
}

function leafOf(random: Seeded, name: string): unknown {
  if (random.chance(0.03)) return { wrong: true };
  switch (name) {
    case "Int":
      return random.int(0, 9);
    case "Color":
      return random.pick(["RED", "GREEN", "BLUE"]);
    case "Anything":
      return random.pick([{ deep: [1, "two"] }, "text", 0, false]);
    default:
      return random.pick(["", "text", 7]);
  }
}
