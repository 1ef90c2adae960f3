import { Field, ObjectType, type ClassType } from "type-graphql";
import { Completeness, PageInfo } from "./values.js";
import type { CompletenessValue, LazyCursor, PageInfoValue } from "../../operation/read-page.js";

/** Makes the Relay connection type of a record type. Nodes are nullable, so a record that fails does not remove the others. */
export function pageTypes<Node extends object>(nodeType: () => ClassType<Node>, name: string) {
  @ObjectType(`${name}Edge`, { description: `A ${name.toLowerCase()} and its cursor.`, simpleResolvers: true })
  class Edge {
    @Field(() => String, { description: "Cursor of this record. Pass it as `after` to get the records that follow." })
    cursor!: string;

    @Field(nodeType, { nullable: true, description: "The record." })
    node!: Node | null;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${name.toLowerCase()}s.`, simpleResolvers: true })
  class Page {
    @Field(() => [Edge], { description: "The records of this page, with their cursors." })
    edges!: Edge[];

    @Field(() => [nodeType()], { nullable: "items", description: "The records of this page, without cursors." })
    nodes!: (Node | null)[];

    @Field(() => PageInfo, { description: "Paging state." })
    pageInfo!: PageInfo;

    @Field(() => Completeness, { description: "Whether the list can be read to its end." })
    completeness!: Completeness;
  }

  return Page;
}

/** The value of a page type. graphql-js calls the functions in it, but only for selected fields. */
export interface PageValue<Node> {
  edges: { cursor: LazyCursor; node: Node | (() => Node) }[];
  nodes: Node[] | (() => Node[]);
  pageInfo: PageInfoValue;
  completeness: CompletenessValue;
}
