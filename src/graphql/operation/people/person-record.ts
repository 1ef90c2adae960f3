import { CrmError } from "../../../errors/crm-error.js";
import type { EmailSearch } from "../../../providers/contract/contract.js";
import type { Loaded } from "../loaded.js";
import { rankOf } from "../merged/rank.js";
import type { OpenConnection } from "../open-connection.js";
import { comparableName, type Member } from "./member.js";
import { isRoleMailbox } from "./role-mailboxes.js";

export type PersonResource = "contact" | "lead";

/** A contact or a lead of a person. */
export interface PersonRecord<Resource extends PersonResource = PersonResource> extends Member {
  readonly loaded: Loaded<Resource>;
  /** Why the addresses of the record could not be read. Then the record joins nothing. */
  readonly failure: CrmError | null;
}

/** The record as the grouping sees it. It must have been read with `PERSON_READS`. */
export function personRecord<Resource extends PersonResource>(
  resource: Resource,
  loaded: Loaded<Resource>,
): PersonRecord<Resource> {
  const { record, link } = loaded;
  const { fullName } = record.fields as { fullName?: string | null };
  return {
    connectionId: link.record.id,
    nativeId: record.nativeId,
    name: comparableName(fullName),
    createdAt: rankOf(record, { field: "CREATED_AT", direction: "ASC" }),
    loaded,
    ...addressesOf(resource, loaded),
  };
}

/** The search of a resource by addresses. Undefined if the CRM has none. */
export function searchOf<Resource extends PersonResource>(
  { provider }: Pick<OpenConnection, "provider">,
  resource: Resource,
): EmailSearch<Resource> | undefined {
  return provider.resources[resource]?.byEmails;
}

function addressesOf<Resource extends PersonResource>(
  resource: Resource,
  { record, link }: Loaded<Resource>,
): Pick<PersonRecord, "addresses" | "failure"> {
  try {
    const keys = searchOf(link, resource)?.keysOf(record) ?? [];
    return { addresses: keys.filter((address) => !isRoleMailbox(address)), failure: null };
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    return { addresses: [], failure: error.with({ provider: link.provider.slug, connectionId: link.record.id }) };
  }
}
