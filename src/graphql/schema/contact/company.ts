import { Field, ID, ObjectType } from "type-graphql";
import type { CrmError } from "../../../errors/crm-error.js";
import type { CompanyRef as CompanyValue } from "../../../providers/contract/model.js";
import { encodeGlobalId } from "../../operation/global-id.js";
import { failureOf, type Loaded } from "../../operation/loaded.js";
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
      ? encodeGlobalId({ kind: "companyName", connectionId, nativeId: String(this.name ?? "") })
      : encodeGlobalId({ kind: "company", connectionId, nativeId: this.nativeId });
  }

  @Field(() => String, {
    nullable: true,
    simple: true,
    description: "The CRM’s own id. Null if the CRM stores only the company’s name.",
  })
  readonly nativeId: string | null;

  /** The error if the name could not be read: graphql-js throws it for this field. */
  @Field(() => String, { nullable: true, simple: true, description: "The company’s name." })
  readonly name: string | null | CrmError;

  readonly link: OpenConnection;

  private constructor(value: CompanyValue, loaded: Loaded<"contact">) {
    this.nativeId = value.id;
    this.name = failureOf(loaded, "company.name") ?? value.name;
    this.link = loaded.link;
  }

  /** Returns null for a contact without a company. */
  static of(loaded: Loaded<"contact">): CompanyRef | null {
    const { company } = loaded.record.fields;
    return company && (company.id !== null || company.name) ? new CompanyRef(company, loaded) : null;
  }
}
