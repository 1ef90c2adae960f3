import { requireScope } from "../../connections/access/principal.js";
import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { notFound } from "../../providers/kit/adapter-kit.js";
import type { ResourceName } from "../../providers/contract/model.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { OperationContext } from "../operation/context.js";
import { wrongKind } from "../operation/global-id.js";
import type { Loaded } from "../operation/loaded.js";
import { PersonFinder } from "../operation/people/person-finder.js";
import { decodePersonId } from "../operation/people/person-id.js";
import { readRepresentation, type Key } from "../operation/representation.js";
import { RESOURCE_SERVICES } from "../operation/resource-service.js";
import { assertEndUser, connectionOf } from "../operation/target.js";
import { Connection } from "../schema/connection/connection.type.js";
import { Contact } from "../schema/contact/contact.type.js";
import { EndUser } from "../schema/end-user/end-user.js";
import { Lead } from "../schema/lead/lead.type.js";
import { Meeting } from "../schema/meeting/meeting.type.js";
import { personNode } from "../schema/people/person-node.js";
import { Person } from "../schema/people/person.type.js";
import { Provider } from "../schema/provider/provider.js";

interface Entity {
  type: abstract new (...args: never[]) => object;
  /** @param path the place of the representation, for errors about its fields */
  resolve(context: OperationContext, key: Key, path: string): object | Promise<object | null>;
}

/** The entities by the names of their types in `schema.graphql`. */
export const ENTITIES: Readonly<Record<string, Entity>> = {
  Contact: recordEntity("contact", Contact),
  Lead: recordEntity("lead", Lead),
  Meeting: recordEntity("meeting", Meeting),
  Connection: { type: Connection, resolve: (context, { id }) => connectionEntity(context, id!) },
  EndUser: { type: EndUser, resolve: (context, { endUserId }) => endUserEntity(context, endUserId!) },
  Provider: {
    type: Provider,
    resolve: ({ connections }, { slug }) => new Provider(connections.registry.get(slug!)),
  },
  Person: { type: Person, resolve: personEntity },
};

/**
 * Resolves the representations of one `_entities` field, in their order. Equal representations are resolved once.
 * @param nameOf returns the name that a type of the subgraph has in `schema.graphql`
 * @returns the object of each representation, or the CrmError of that representation, thrown by a promise or as a value
 */
export function resolveEntities(
  context: OperationContext,
  representations: readonly unknown[],
  nameOf: (typename: string) => string | undefined,
): (object | Promise<object | null>)[] {
  const resolved = new Map<string, object | Promise<object | null>>();
  return representations.map((representation, index) => {
    const path = `representations.${index}`;
    try {
      const { name, key } = readRepresentation(representation, nameOf, path);
      const identity = JSON.stringify([name, key]);
      let entity = resolved.get(identity);
      if (!entity) resolved.set(identity, (entity = ENTITIES[name]!.resolve(context, key, path)));
      return entity;
    } catch (error) {
      // For graphql-js, an Error among the items of a list is the failure of that item.
      return error as Error;
    }
  });
}

function recordEntity<Resource extends ResourceName>(
  resource: Resource,
  type: Entity["type"] & { from(loaded: Loaded<Resource>): object },
): Entity {
  const resolve = async (context: OperationContext, key: Key, path: string): Promise<object> => {
    const { connection, nativeId } = await recordOf(context, resource, key, path);
    return type.from(await RESOURCE_SERVICES[resource].get(context, connection, nativeId));
  };
  return { type, resolve };
}

async function recordOf(
  context: OperationContext,
  resource: ResourceName,
  { id, endUserId, providerSlug, nativeId }: Key,
  path: string,
): Promise<{ connection: ConnectionRecord; nativeId: string }> {
  if (id === undefined) {
    assertNamed(context, endUserId!);
    return { connection: await context.connectionByProvider(endUserId!, providerSlug!), nativeId: nativeId! };
  }
  const decoded = context.globalId(id);
  const wrong = decoded ? wrongKind(decoded.kind, [resource]) : `This is not the global id of a ${resource}.`;
  if (!decoded || wrong) throw invalidInput({ [`${path}.id`]: wrong! });
  const connection = await connectionOf(context, decoded.connectionId, {
    missing: () => new CrmError(context.defaultEndUserId ? "END_USER_NOT_FOUND" : notFound(resource).code),
  });
  return { connection, nativeId: decoded.nativeId };
}

async function connectionEntity(context: OperationContext, id: string): Promise<Connection> {
  requireScope(context.principal, "connections:read");
  const connection = await context.connectionById(id);
  await assertEndUser(context, connection.endUserId, () => new CrmError("END_USER_NOT_FOUND"));
  return new Connection(connection);
}

/** An end user whom crmesh does not know has no connections. That is not an error, because every customer may be asked for. */
async function endUserEntity(context: OperationContext, endUserId: string): Promise<EndUser> {
  assertNamed(context, endUserId);
  try {
    return EndUser.of(await context.directory.endUsers.load(endUserId));
  } catch (error) {
    if (error instanceof CrmError && error.code === "END_USER_NOT_FOUND")
      return EndUser.unknown(endUserId, context.principal);
    throw error;
  }
}

/** Null if nobody has the address at the CRMs of the end user: your own table may have people whom no CRM knows. */
async function personEntity(
  context: OperationContext,
  { id, endUserId, email }: Key,
  path: string,
): Promise<Person | null> {
  requireScope(context.principal, "contacts:read");
  if (id !== undefined) {
    const decoded = decodePersonId(id);
    if (!decoded) throw invalidInput({ [`${path}.id`]: "This is not the global id of a person." });
    return personNode(context, decoded);
  }
  const { record } = await endUserEntity(context, endUserId!);
  if (!record) return null;
  return Person.of(await (await PersonFinder.of(context, record)).byAddress(email!));
}

/** @throws CrmError END_USER_NOT_FOUND if the header X-End-User-Id names another end user */
function assertNamed({ defaultEndUserId }: OperationContext, endUserId: string): void {
  if (defaultEndUserId !== null && defaultEndUserId !== endUserId) throw new CrmError("END_USER_NOT_FOUND");
}
