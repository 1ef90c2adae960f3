import { Field, ObjectType, type ClassType } from "type-graphql";
import type { MergedCompletenessValue } from "../../operation/merged/merged-page.js";
import type { LazyCursor, PageInfoValue } from "../../operation/read-page.js";
import { PageInfo } from "../shared/values.js";
import { MergedCompleteness } from "./merged-completeness.js";

/** Makes the Relay connection type of the records of all CRMs of an end user. */
export function mergedPageTypes<Node extends object>(nodeType: () => ClassType<Node>, name: string) {
  const records = name === "Person" ? "people" : `${name.toLowerCase()}s`;

  @ObjectType(`Merged${name}Edge`, {
    description: `A ${name.toLowerCase()} in a list over all CRMs, and its cursor.`,
    simpleResolvers: true,
  })
  class Edge {
    @Field(() => String, { description: "Cursor of this record. Pass it as `after` to get the records that follow." })
    cursor!: string;

    @Field(() => Boolean, {
      description:
        "Whether the record belongs before records of earlier pages: its connection was missing when they were read, or its " +
        "CRM did not list it yet.",
    })
    late!: boolean;

    @Field(nodeType, { nullable: true, description: "The record." })
    node!: Node | null;
  }

  @ObjectType(`Merged${name}Connection`, {
    description: `A page of ${records} of all CRMs of an end user.`,
    simpleResolvers: true,
  })
  class Page {
    @Field(() => [Edge], { description: "The records of this page, with their cursors." })
    edges!: Edge[];

    @Field(() => [nodeType()], { nullable: "items", description: "The records of this page, without cursors." })
    nodes!: (Node | null)[];

    @Field(() => PageInfo, {
      description:
        "Paging state. `hasNextPage` is false once all connections that answer are at their end. If connections are missing " +
        "then, `endCursor` still continues with their records.",
    })
    pageInfo!: PageInfo;

    @Field(() => MergedCompleteness, { description: "Which CRMs the list has the records of." })
    completeness!: MergedCompleteness;
  }

  return Page;
}

/** The value of a merged page. graphql-js calls the functions in it, but only for selected fields. */
export interface MergedPageValue<Node> {
  edges: { cursor: LazyCursor; late: boolean; node: Node }[];
  nodes: Node[];
  pageInfo: PageInfoValue;
  completeness: MergedCompleteness;
}

/** Makes the value of a page from one of records. */
export function pageValueOf<Read, Type>(
  page: {
    edges: { cursor: LazyCursor; late: boolean; node: Read }[];
    pageInfo: PageInfoValue;
    completeness: MergedCompletenessValue;
  },
  from: (node: Read) => Type,
): MergedPageValue<Type> {
  const edges = page.edges.map(({ cursor, late, node }) => ({ cursor, late, node: from(node) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: page.pageInfo,
    completeness: new MergedCompleteness(page.completeness),
  };
}
