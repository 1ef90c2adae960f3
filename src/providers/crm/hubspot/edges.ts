import { invalidInput } from "../../../errors/crm-error.js";
import type { EdgeIds, EdgeLoader, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { emptyBody } from "../../../upstream/decode.js";
import { sendWrite } from "../../kit/rest.js";
import { associated, type HubSpotObject } from "./answers.js";
import { ASSOCIATIONS_BATCH, associationsOf } from "./associations.js";
import { PATHS } from "./api-versions.js";
import { OBJECT_TYPES } from "./dialect.js";

/** HUBSPOT_DEFINED association types (developers.hubspot.com, "Associations"). */
export const ASSOCIATION_TYPES = { meetingToContact: 200, meetingToLead: 601, leadToPrimaryContact: 578 } as const;

/** Ids that a listing included under `associations`. Undefined if they are absent or incomplete. */
export function inlineIds(native: NativeRecord, target: ResourceName): string[] | undefined {
  const associations = native["$associations"] as HubSpotObject["associations"];
  if (associations === undefined) return undefined;
  const found = associations[OBJECT_TYPES[target]];
  if (found?.paging) return undefined;
  // HubSpot lists a record once per association type.
  return [...new Set((found?.results ?? []).map(({ id }) => String(id)))];
}

const ASSOCIATION = "$association:";

/** The error key of a record that cannot be associated. Field maps translate the key into the input's name. */
export function associationFault(target: ResourceName): string {
  return `${ASSOCIATION}${target}`;
}

/** Whether a native field stands for associations, which are written apart from the properties. */
export const isAssociation = (native: string): boolean => native.startsWith(ASSOCIATION);

/** Maximum number of pages, i.e. about 10,000 associations of a record. Further associations are not read. */
const MAX_PAGES = 20;

/** Reads one kind of edge for many records at once. */
export function edgeLoader(from: ResourceName, to: ResourceName): EdgeLoader {
  return { batchSize: ASSOCIATIONS_BATCH, load: (context, ids) => readAssociations(context, from, to, ids) };
}

/** HubSpot returns 500 associations of a record at a time. All records with more associations share the next call. */
async function readAssociations(
  context: ProviderContext,
  from: ResourceName,
  to: ResourceName,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EdgeIds>> {
  const found = new Map(ids.map((id) => [id, new Set<string>()]));
  let inputs: { id: string; after?: string }[] = ids.map((id) => ({ id }));
  for (let page = 1; page <= MAX_PAGES && inputs.length > 0; page += 1) {
    const results = await associationsOf(context, [OBJECT_TYPES[from], OBJECT_TYPES[to]], inputs);
    inputs = [];
    for (const { from: source, to: targets, paging } of results) {
      const { id } = source;
      for (const { toObjectId } of targets) found.get(id)?.add(toObjectId);
      const after = paging?.next?.after;
      if (after !== undefined) inputs.push({ id, after });
    }
  }
  const unread = new Set(inputs.map(({ id }) => id));
  return new Map([...found].map(([id, targets]) => [id, { ids: [...targets], complete: !unread.has(id) }]));
}

/** Builds one association for the body that creates a record. */
export function newAssociation(id: string, associationTypeId: number) {
  return { to: { id }, types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId }] };
}

/** Makes the associations of a record exactly the given ones. */
export async function replaceAssociations(
  context: ProviderContext,
  from: ResourceName,
  to: ResourceName,
  id: string,
  wanted: readonly string[],
): Promise<void> {
  const current = (await readAssociations(context, from, to, [id])).get(id)?.ids ?? [];
  const missing = wanted.filter((target) => !current.includes(target));
  const surplus = current.filter((target) => !wanted.includes(target));
  const base = `${PATHS.associations}/${OBJECT_TYPES[from]}/${OBJECT_TYPES[to]}/batch`;
  if (missing.length > 0) {
    const json = { inputs: missing.map((target) => ({ from: { id }, to: { id: target } })) };
    const request = { method: "POST", path: `${base}/associate/default`, json, repeatable: true } as const;
    const { errors = [] } = await sendWrite(context, request, { status: [200, 201, 207], body: associated });
    if (errors.length > 0) {
      throw invalidInput({ [associationFault(to)]: "HubSpot has no record with this id to associate." });
    }
  }
  if (surplus.length > 0) {
    const json = { inputs: [{ from: { id }, to: surplus.map((target) => ({ id: target })) }] };
    const request = { method: "POST", path: `${base}/archive`, json, repeatable: true } as const;
    await sendWrite(context, request, { status: 204, body: emptyBody });
  }
}
