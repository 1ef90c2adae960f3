import { FieldResolver, Resolver, Root } from "type-graphql";
import type { EdgeName } from "../../../providers/contract/model.js";
import { contactService } from "../../operation/resource-service.js";
import { Contact } from "../contact/contact.type.js";
import { RequiresScope } from "../shared/requires-scope.js";
import { resourceResolver } from "../shared/resource-resolver.js";
import { Address, EmailAddress, PhoneNumber } from "../shared/values.js";
import { LeadInput, LeadsArgs } from "./lead.inputs.js";
import { Lead, LeadConnection } from "./lead.type.js";
import { personField } from "./linked-person.js";

@Resolver(() => Lead)
export class LeadResolver extends resourceResolver("lead", {
  record: Lead,
  page: LeadConnection,
  input: LeadInput,
  listArgs: LeadsArgs,
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

  @FieldResolver(() => [EmailAddress], {
    nullable: true,
    description: "All e-mail addresses of the person, the primary one first.",
  })
  async emails(@Root() lead: Lead): Promise<EmailAddress[]> {
    return (await personField(lead, "emails")) ?? [];
  }

  @FieldResolver(() => [PhoneNumber], {
    nullable: true,
    description: "All phone numbers of the person, the primary one first.",
  })
  async phones(@Root() lead: Lead): Promise<PhoneNumber[]> {
    return (await personField(lead, "phones")) ?? [];
  }

  @FieldResolver(() => [Address], { nullable: true, description: "All postal addresses of the person." })
  async addresses(@Root() lead: Lead): Promise<Address[]> {
    return (await personField(lead, "addresses")) ?? [];
  }

  @RequiresScope("contacts:read")
  @FieldResolver(() => Contact, {
    nullable: true,
    description: "The contact that the lead is for. Null if the CRM links none.",
  })
  contact(@Root() lead: Lead): Promise<Contact | null> {
    return linkedContact(lead, "contact");
  }

  @RequiresScope("contacts:read")
  @FieldResolver(() => Contact, { nullable: true, description: "The contact that the lead was converted into." })
  convertedContact(@Root() lead: Lead): Promise<Contact | null> {
    return linkedContact(lead, "convertedContact");
  }
}

async function linkedContact(lead: Lead, edge: EdgeName): Promise<Contact | null> {
  const [id] = (await lead.linkedIds(edge)).ids;
  return id === undefined ? null : contactService.loadLinked(lead.link, id, Contact.from);
}
