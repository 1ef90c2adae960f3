import { Field, FieldResolver, ID, ObjectType, Resolver, Root } from "type-graphql";
import type { OwnerRef } from "../../../providers/contract/model.js";
import type { OpenConnection } from "../../operation/open-connection.js";

@ObjectType({ description: "A user of the CRM." })
export class Owner {
  @Field(() => ID, { simple: true, description: "The CRM’s own id." })
  readonly id: string;

  readonly ref: OwnerRef;
  readonly link: OpenConnection;

  constructor(ref: OwnerRef, link: OpenConnection) {
    this.id = ref.id;
    this.ref = ref;
    this.link = link;
  }

  static of(ref: OwnerRef | null | undefined, link: OpenConnection): Owner | null {
    return ref ? new Owner(ref, link) : null;
  }
}

@Resolver(() => Owner)
export class OwnerResolver {
  @FieldResolver(() => String, { nullable: true, description: "Name. Null if the CRM does not provide it." })
  name(@Root() owner: Owner): string | null | Promise<string | null> {
    return ownerPart(owner, "name");
  }

  @FieldResolver(() => String, { nullable: true, description: "E-mail address. Null if the CRM does not provide it." })
  email(@Root() owner: Owner): string | null | Promise<string | null> {
    return ownerPart(owner, "email");
  }
}

/** Returns a part of an owner. Many CRMs send it with the record. Otherwise a loader reads it for all records together. */
export function ownerPart({ ref, link }: Owner, part: "name" | "email"): string | null | Promise<string | null> {
  const known = ref[part];
  if (known !== undefined) return known;
  return link.loaders
    .owners()
    .load(ref.id)
    .then((owner) => owner?.[part] ?? null);
}
