import { Field, ID, InterfaceType } from "type-graphql";

// With a `resolveType`, type-graphql would answer a promise for each object, and each record of a list would wait for it.
@InterfaceType({ description: "An object with a global id." })
export abstract class Node {
  @Field(() => ID, { description: "Opaque, stable id." })
  readonly id!: string;
}
