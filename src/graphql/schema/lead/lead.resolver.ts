import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import type { LeadFilter as Filter, LeadInput as Input } from "../../../providers/contract/input.js";
import type { EdgeName } from "../../../providers/contract/model.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import { Contact } from "../contact/contact.type.js";
import { nativeIdWithin } from "../../operation/global-id.js";
import { OperationContext } from "../../operation/context.js";
import { contactService, leadService } from "../../operation/resource-service.js";
import { targetConnection, targetRecord } from "../../operation/target.js";
import type { PageValue } from "../shared/page-types.js";
import { pageValue } from "../shared/record-pages.js";
import { ProviderArgs, RecordArgs } from "../shared/args.js";
import { Address, DeletedRecord, EmailAddress, PhoneNumber } from "../shared/values.js";
import { LeadInput, LeadsArgs } from "./lead.inputs.js";
import { Lead, LeadConnection } from "./lead.type.js";
import { personField } from "./linked-person.js";

@Resolver(() => Lead)
export class LeadResolver {
  @Query(() => Lead, { nullable: true, description: "One lead, by its id." })
  async lead(@Args(() => RecordArgs) args: RecordArgs, @Ctx() context: OperationContext): Promise<Lead> {
    const { connection, nativeId } = await targetRecord(context, "lead", args);
    return Lead.from(await leadService.get(context, connection, nativeId));
  }

  @Query(() => LeadConnection, { nullable: true, description: "Leads in one CRM of an end user." })
  async leads(
    @Args(() => ProviderArgs) target: ProviderArgs,
    @Args(() => LeadsArgs) args: LeadsArgs,
    @Ctx() context: OperationContext,
  ): Promise<PageValue<Lead>> {
    const connection = await targetConnection(context, target);
    const page = await leadService.list(context, connection, { ...args, filter: args.filter as Filter | null });
    return pageValue(page, Lead.from);
  }

  @Mutation(() => Lead, { nullable: true, description: "Creates a lead in a CRM." })
  async createLead(
    @Args(() => ProviderArgs) args: ProviderArgs,
    @Arg("input", () => LeadInput, { description: "Fields of the new record." }) input: LeadInput,
    @Ctx() context: OperationContext,
  ): Promise<Lead> {
    const connection = await targetConnection(context, args);
    return Lead.from(await leadService.create(context, connection, nativeInput(input, connection)));
  }

  @Mutation(() => Lead, {
    nullable: true,
    description: "Updates a lead. Absent fields are unchanged; null clears a field.",
  })
  async updateLead(
    @Args(() => RecordArgs) args: RecordArgs,
    @Arg("input", () => LeadInput, { description: "Fields to change." }) input: LeadInput,
    @Ctx() context: OperationContext,
  ): Promise<Lead> {
    const { connection, nativeId } = await targetRecord(context, "lead", args);
    return Lead.from(await leadService.update(context, connection, nativeId, nativeInput(input, connection)));
  }

  @Mutation(() => DeletedRecord, { nullable: true, description: "Deletes a lead in its CRM." })
  async deleteLead(@Args(() => RecordArgs) args: RecordArgs, @Ctx() context: OperationContext): Promise<DeletedRecord> {
    const { connection, nativeId } = await targetRecord(context, "lead", args);
    return leadService.delete(context, connection, nativeId);
  }

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

function nativeInput(input: LeadInput, connection: ConnectionRecord): Input {
  const { contactId } = input;
  if (!contactId) return input;
  return { ...(input as Input), contactId: nativeIdWithin(contactId, "contact", connection.id, "input.contactId") };
}
