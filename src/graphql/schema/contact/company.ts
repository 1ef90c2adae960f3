import { Field, ID, ObjectType } from "type-graphql";
import type { CompanyRef as CompanyValue } from "../../../providers/contract/model.js";
import { encodeGlobalId } from "../../operation/global-id.js";
import type { OpenConnection } from "../../operation/open-connection.js";

@ObjectType({ description: "The company that a contact belongs to." })
export class CompanyRef {
  @Field(() => ID, {
    simple: true,
    description:
      "Global id. Opaque and stable. If the CRM stores only the company’s name, the id stands for that name.",
  })
  get id(): string {
    const connectionId = this.link.record.id;
    return this.nativeId === null
      ? encodeGlobalId({ kind: "companyName", connectionId, nativeId: this.name ?? "" })
      : encodeGlobalId({ kind: "company", connectionId, nativeId: this.nativeId });
  }

  @Field(() => String, {
    nullable: true,
    simple: true,
    description: "The CRM’s own id. Null if the CRM stores only the company’s name.",
  })
  readonly nativeId: string | null;

  @Field(() => String, { nullable: true, simple: true, description: "The company’s name." })
  readonly name: string | null;

  readonly link: OpenConnection;

  private constructor(value: CompanyValue, link: OpenConnection) {
    this.nativeId = value.id;
    this.name = value.name;
    this.link = link;
  }

  /** Returns null for a contact without a company. */
  static of(value: CompanyValue | null | undefined, link: OpenConnection): CompanyRef | null {
    return value && (value.id !== null || value.name) ? new CompanyRef(value, link) : null;
  }
}
