import type { CrmError } from "../../errors/crm-error.js";
import type { ResourceFields, ResourceName, UnifiedRecord } from "../../providers/contract/model.js";
import type { OpenConnection } from "./open-connection.js";

/** A record, and the connection through which it was read. The GraphQL objects are made from it. */
export interface Loaded<Resource extends ResourceName = ResourceName> {
  record: UnifiedRecord<Resource>;
  link: OpenConnection;
}

/**
 * Returns a field of a record.
 * @throws CrmError of the call that should have brought the field
 */
export function fieldOf<Resource extends ResourceName, Field extends keyof ResourceFields[Resource] & string>(
  loaded: Loaded<Resource>,
  field: Field,
): ResourceFields[Resource][Field] | undefined {
  assertRead(loaded, field);
  const fields: Partial<ResourceFields[Resource]> = loaded.record.fields;
  return fields[field];
}

/** @throws CrmError of the call that should have brought a field, a nested field (`company.name`) or an edge */
export function assertRead(loaded: Loaded, path: string): void {
  const failure = failureOf(loaded, path);
  if (failure) throw failure;
}

export function failureOf({ record, link }: Loaded, path: string): CrmError | undefined {
  return record.failures?.[path]?.with({ provider: link.provider.slug, connectionId: link.record.id });
}
