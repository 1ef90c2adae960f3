import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { requireScope } from "../../../connections/access/principal.js";
import { invalidInput } from "../../../errors/crm-error.js";
import { Connection } from "../connection/connection.type.js";
import { Contact } from "../contact/contact.type.js";
import { Lead } from "../lead/lead.type.js";
import { Meeting } from "../meeting/meeting.type.js";
import { OperationContext } from "../../operation/context.js";
import { contactService, leadService, meetingService } from "../../operation/resource-service.js";
import { decodeGlobalId } from "../../operation/global-id.js";
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
  ): Promise<Node>[] {
    if (ids.length > MAX_IDS)
      throw invalidInput({
        ids: `Expected at most ${MAX_IDS} ids, got ${ids.length}. Send the others in another request.`,
      });
    return ids.map((id, index) => nodeById(context, id, `ids.${index}`));
  }
}

async function nodeById(context: OperationContext, id: string, path: string): Promise<Node> {
  if (/^con_[a-z0-9]+$/.test(id)) {
    requireScope(context.principal, "connections:read");
    return new Connection(await context.connectionById(id));
  }
  const decoded = decodeGlobalId(id);
  if (!decoded) throw invalidInput({ [path]: "This is not a global id. Use the `id` of a record or connection." });
  const { resource, connectionId, nativeId } = decoded;
  const connection = await context.connectionById(connectionId);
  switch (resource) {
    case "contact":
      return Contact.from(await contactService.get(context, connection, nativeId));
    case "lead":
      return Lead.from(await leadService.get(context, connection, nativeId));
    case "meeting":
      return Meeting.from(await meetingService.get(context, connection, nativeId));
  }
}
