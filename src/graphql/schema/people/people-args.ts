import { ArgsType, Field, InputType } from "type-graphql";
import type { PeopleArgs as Arguments, PeopleFilter as Filter } from "../../operation/people/people-page.js";
import type { MergeOrder } from "../../operation/merged/rank.js";
import { MergedOrderBy } from "../merged/merged-args.js";
import { FirstAfterArgs } from "../shared/args.js";
import { DateTime } from "../shared/scalars.js";

@InputType({
  description:
    "Conditions for people. A person is listed if one of its contacts matches all of them. Only conditions that can be checked on every " +
    "record are possible; for an e-mail address, use `EndUser.person`.",
})
export class PeopleFilter implements Filter {
  @Field(() => DateTime, { nullable: true, description: "Contact created at this time or later." })
  createdSince?: Date;

  @Field(() => DateTime, { nullable: true, description: "Contact created before this time." })
  createdUntil?: Date;

  @Field(() => DateTime, { nullable: true, description: "Contact changed at this time or later." })
  updatedSince?: Date;

  @Field(() => DateTime, { nullable: true, description: "Contact changed before this time." })
  updatedUntil?: Date;
}

@ArgsType()
export class PeopleArgs extends FirstAfterArgs implements Arguments {
  @Field(() => PeopleFilter, { nullable: true, description: "Return only people with a contact that matches." })
  filter?: PeopleFilter | null;

  @Field(() => MergedOrderBy, {
    nullable: true,
    description: "Order of the contacts at which people are listed. Defaults to CREATED_AT, ascending.",
  })
  orderBy?: MergeOrder | null;
}
