import { requireScope } from "../../../connections/access/principal.js";
import { notFound } from "../../../providers/kit/adapter-kit.js";
import type { OperationContext } from "../../operation/context.js";
import { PersonFinder } from "../../operation/people/person-finder.js";
import type { PersonId } from "../../operation/people/person-id.js";
import { contactService, leadService } from "../../operation/resource-service.js";
import { connectionOf } from "../../operation/target.js";
import { Person } from "./person.type.js";

/**
 * The person of a record, formed anew: it has another id if the record is no longer the oldest one.
 * @throws CrmError FORBIDDEN, CONTACT_NOT_FOUND or LEAD_NOT_FOUND
 */
export async function personNode(
  context: OperationContext,
  { endUserId, resource, connectionId, nativeId }: PersonId,
): Promise<Person> {
  requireScope(context.principal, "contacts:read");
  const missing = () => notFound(resource);
  const connection = await connectionOf(context, connectionId, { missing });
  if (connection.endUserId !== endUserId) throw missing();
  const finder = await PersonFinder.of(context, await context.directory.endUsersById.load(endUserId));
  return new Person(
    resource === "contact"
      ? await finder.ofContact(await contactService.get(context, connection, nativeId))
      : await finder.ofLead(await leadService.get(context, connection, nativeId)),
  );
}
