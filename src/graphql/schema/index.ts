import "reflect-metadata";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import { lexicographicSortSchema, type GraphQLSchema } from "graphql";
import { buildSchema, type NonEmptyArray } from "type-graphql";
import { ConnectTokenResolver } from "./connect-token/connect-token.js";
import { ConnectionEventResolver } from "./connection-event/connection-event.resolver.js";
import { ConnectionResolver } from "./connection/connection.resolver.js";
import { ContactResolver } from "./contact/contact.resolver.js";
import { Contact } from "./contact/contact.type.js";
import { EndUserResolver } from "./end-user/end-user.js";
import { ErrorCodeResolver } from "./error-code/error-code.js";
import { LeadResolver } from "./lead/lead.resolver.js";
import { Lead } from "./lead/lead.type.js";
import { AttendeeResolver } from "./meeting/attendee.js";
import { MeetingResolver } from "./meeting/meeting.resolver.js";
import { Meeting } from "./meeting/meeting.type.js";
import { EndUserListsResolver } from "./merged/end-user-lists.resolver.js";
import { NodeResolver } from "./node/node.resolver.js";
import { AttendeePersonResolver, ContactPersonResolver, LeadPersonResolver } from "./people/person-links.resolver.js";
import { EndUserPeopleResolver, PersonResolver } from "./people/person.resolver.js";
import { ProviderResolver } from "./provider/provider.js";
import { OwnerResolver } from "./shared/owner.js";
import { PhoneNumberResolver } from "./shared/phone.js";
import { recordFieldsResolver } from "./record-fields.js";
import { guardScopes } from "./shared/requires-scope.js";

type ResolverClasses = NonEmptyArray<NewableFunction>;

let built: Promise<GraphQLSchema> | undefined;

/** Returns the schema. It is built once, because type-graphql has one registry per process. */
export function crmeshSchema(): Promise<GraphQLSchema> {
  return (built ??= buildSchema({
    resolvers: [
      NodeResolver,
      ContactResolver,
      LeadResolver,
      MeetingResolver,
      AttendeeResolver,
      recordFieldsResolver(() => Contact),
      recordFieldsResolver(() => Lead),
      recordFieldsResolver(() => Meeting),
      OwnerResolver,
      PhoneNumberResolver,
      ProviderResolver,
      ConnectionResolver,
      ConnectionEventResolver,
      ConnectTokenResolver,
      EndUserResolver,
      EndUserListsResolver,
      EndUserPeopleResolver,
      PersonResolver,
      ContactPersonResolver,
      LeadPersonResolver,
      AttendeePersonResolver,
      ErrorCodeResolver,
    ] satisfies ResolverClasses,
    // The field maps check the inputs, because they describe what each CRM can store.
    validate: false,
  }).then(guardScopes));
}

/** Returns the text of `schema.graphql`. */
export async function printCrmeshSchema(): Promise<string> {
  return `${printSchemaWithDirectives(lexicographicSortSchema(await crmeshSchema()))}\n`;
}
