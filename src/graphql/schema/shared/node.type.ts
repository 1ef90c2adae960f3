import { Field, ID, InterfaceType } from "type-graphql";

@InterfaceType({ description: "Anything with a global id.", resolveType: (value: object) => value.constructor.name })
export abstract class Node {
  @Field(() => ID, { description: "Opaque and stable." })
  readonly id!: string;
}
