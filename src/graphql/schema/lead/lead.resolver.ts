import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import type { EdgeName } from "../../../providers/contract/model.js";
import { OperationContext } from "../../operation/context.js";
import { contactService } from "../../operation/resource-service.js";
import { Contact } from "../contact/contact.type.js";
import { resourceResolver } from "../shared/resource-resolver.js";
import { Address, EmailAddress, PhoneNumber } from "../shared/values.js";
import { LeadInput, LeadsArgs } from "./lead.inputs.js";
import { Lead, LeadConnection } from "./lead.type.js";
import { personField } from "./linked-person.js";
import { nativeInput } from "./native-input.js";

@Resolver(() => Lead)
export class LeadResolver extends resourceResolver("lead", {
  record: Lead,
  page: LeadConnection,
  input: LeadInput,
  listArgs: LeadsArgs,
  nativeInput,
}) {
  @FieldResolver(() => String, { nullable: true, description: "The person’s first name, or first names." })
  firstName(@Root() lead: Lead): Promise<string | null | undefined> {
    return personField(lead, "firstName");
  }

  @FieldResolver(() => String, { nullable: true, description: "The person’s last name." })
  lastName(@Root() lead: Lead): Promise<string | null | undefined> {
    return personField(lead, "lastName");
  }

  @FieldResolver(() => String, { nullable: true, description: "The person’s full name." })
  fullName(@Root() lead: Lead): Promise<string | null | undefined> {
    return personField(lead, "fullName");
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The person’s job title. For the topic of the lead, see `subject`.",
  })
  title(@Root() lead: Lead): Promise<string | null | undefined> {
    return personField(lead, "title");
  }

  @FieldResolver(() => String, { nullable: true, description: "Name of the person’s company." })
  companyName(@Root() lead: Lead): Promise<string | null | undefined> {
    return personField(lead, "companyName");
  }

  @FieldResolver(() => [EmailAddress], { description: "All e-mail addresses of the person, the primary one first." })
  async emails(@Root() lead: Lead): Promise<EmailAddress[]> {
    return (await personField(lead, "emails")) ?? [];
  }

  @FieldResolver(() => [PhoneNumber], { description: "All phone numbers of the person, the primary one first." })
  async phones(@Root() lead: Lead): Promise<PhoneNumber[]> {
    return (await personField(lead, "phones")) ?? [];
  }

  @FieldResolver(() => [Address], { description: "All postal addresses of the person." })
  async addresses(@Root() lead: Lead): Promise<Address[]> {
    return (await personField(lead, "addresses")) ?? [];
  }

  @FieldResolver(() => Contact, {
    nullable: true,
    description: "The contact that the lead is for. Null if the CRM links none.",
  })
  contact(@Root() lead: Lead, @Ctx() context: OperationContext): Promise<Contact | null> {
    return linkedContact(context, lead, "contact");
  }

  @FieldResolver(() => Contact, { nullable: true, description: "The contact that the lead was converted into." })
  convertedContact(@Root() lead: Lead, @Ctx() context: OperationContext): Promise<Contact | null> {
    return linkedContact(context, lead, "convertedContact");
  }
}

async function linkedContact(context: OperationContext, lead: Lead, edge: EdgeName): Promise<Contact | null> {
  requireScope(context.principal, "contacts:read");
  const [id] = (await lead.linkedIds(edge)).ids;
  return id === undefined ? null : Contact.from(await contactService.load(lead.link, id));
}
