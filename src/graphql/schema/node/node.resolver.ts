import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import { ConnectionEvent } from "../connection-event/connection-event.type.js";
import { Connection } from "../connection/connection.type.js";
import { Contact } from "../contact/contact.type.js";
import { EndUser } from "../end-user/end-user.js";
import { Lead } from "../lead/lead.type.js";
import { Meeting } from "../meeting/meeting.type.js";
import { OperationContext } from "../../operation/context.js";
import { contactService, leadService, meetingService } from "../../operation/resource-service.js";
import type { GlobalId } from "../../operation/global-id.js";
import { namedRecords, type NamedRecords } from "../../operation/named-records.js";
import { decodePersonId } from "../../operation/people/person-id.js";
import { assertEndUser, connectionOf } from "../../operation/target.js";
import { personNode } from "../people/person-node.js";
import { Node } from "../shared/node.type.js";

/** The most ids in one `nodes` field. */
const MAX_IDS = 1_000;

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: "Any object, by its global id." })
  node(
    @Arg("id", () => ID, { description: "Global id." }) id: string,
    @Ctx() context: OperationContext,
  ): Promise<Node> {
    return nodeById(context, id, "id");
  }

  @Query(() => [Node], {
    nullable: "items",
    description:
      "Several objects, by their global ids and in the same order. An object that cannot be read is null; the " +
      "others are still returned.",
  })
  nodes(
    @Arg("ids", () => [ID], { description: `Global ids, at most ${MAX_IDS}.` }) ids: string[],
    @Ctx() context: OperationContext,
  ): Promise<Node>[] | Promise<(Node | Error)[]> {
    if (ids.length > MAX_IDS)
      throw invalidInput({
        ids: `Expected at most ${MAX_IDS} ids, got ${ids.length}. Send the others in another request.`,
      });
    const { groups, others } = namedRecords(context, ids);
    // Records of one connection come together. With several connections, no record waits for a slower CRM.
    const alone = groups.length === 1 && others.length === 0 ? recordNodes(context, groups[0]!) : null;
    return alone ?? ids.map((id, index) => nodeById(context, id, `ids.${index}`));
  }
}

/** Null for ids of objects that cannot be read by their id. */
function recordNodes(
  context: OperationContext,
  { kind, connectionId, nativeIds }: Omit<NamedRecords, "places">,
): Promise<(Node | Error)[]> | null {
  switch (kind) {
    case "contact":
      return contactService.getNamed(context, connectionId, nativeIds, Contact.from);
    case "lead":
      return leadService.getNamed(context, connectionId, nativeIds, Lead.from);
    case "meeting":
      return meetingService.getNamed(context, connectionId, nativeIds, Meeting.from);
    case "owner":
    case "company":
    case "companyName":
      return null;
  }
}

async function nodeById(context: OperationContext, id: string, path: string): Promise<Node> {
  const decoded = context.globalId(id);
  if (decoded) return recordNode(context, decoded, path);
  const [, prefix] = /^(con|eu|evt)_[a-z0-9]+$/.exec(id) ?? [];
  if (prefix === "con") return connectionNode(context, id);
  if (prefix === "eu") return endUserNode(context, id);
  if (prefix === "evt") return eventNode(context, id);
  const person = decodePersonId(id);
  if (person) return personNode(context, person);
  throw invalidInput({ [path]: "This is not a global id. Use the `id` of an object that implements Node." });
}

async function connectionNode(context: OperationContext, id: string): Promise<Connection> {
  requireScope(context.principal, "connections:read");
  return new Connection(await connectionOf(context, id));
}

async function endUserNode(context: OperationContext, id: string): Promise<EndUser> {
  requireScope(context.principal, "endusers:read");
  await assertEndUser(context, id, () => new CrmError("END_USER_NOT_FOUND"));
  return EndUser.of(await context.directory.endUsersById.load(id));
}

async function eventNode(context: OperationContext, id: string): Promise<ConnectionEvent> {
  requireScope(context.principal, "connections:read");
  const event = await context.directory.eventsById.load(id);
  await assertEndUser(context, event.endUserId, () => new CrmError("CONNECTION_NOT_FOUND"));
  return new ConnectionEvent(event);
}

async function recordNode(
  context: OperationContext,
  { kind, connectionId, nativeId }: GlobalId,
  path: string,
): Promise<Node> {
  const read = recordNodes(context, { kind, connectionId, nativeIds: [nativeId] });
  if (!read) {
    throw invalidInput({ [path]: "Owners and companies cannot be read by their id. They are read with a record." });
  }
  const [node] = await read;
  if (node instanceof Error) throw node;
  return node!;
}
