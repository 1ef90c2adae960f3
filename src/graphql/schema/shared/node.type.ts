import { Field, ID, InterfaceType } from "type-graphql";

@InterfaceType({ description: "An object with a global id.", resolveType: (value: object) => value.constructor.name })
export abstract class Node {
  @Field(() => ID, { description: "Opaque, stable id." })
  readonly id!: string;
}
