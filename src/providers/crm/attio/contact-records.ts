import { CrmError } from "../../../errors/crm-error.js";
import { notFound } from "../../kit/adapter-kit.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { resourceAdapter, type NativeQuery, type Reading } from "../../kit/resource-kit.js";
import { contactMap } from "./contact-map.js";
import { customFields } from "./definitions.js";
import { dialect, flat, listOf } from "./dialect.js";
import { contactMeetings } from "./meeting-records.js";
import { nameOf, needsCurrentName } from "./names.js";
import { byIds, idOf, IDS_MAX, isId, query, write } from "./api.js";

const PATH = "/v2/objects/people/records";
const PAGE_MAX = 500;

export const contacts = resourceAdapter<"contact", NativeRecord>({
  map: contactMap,
  calls: {
    batchSize: IDS_MAX,
    isId,
    idOf: ({ $id }) => String($id),
    list,
    read: (context, ids) => byIds(context, "people", ids),
    create: (context, values) =>
      namingDuplicate(context, null, values, async () => idOf(await write(context, "POST", PATH, { values }))),
    // PATCH would add to what an attribute of several values has; PUT replaces the named attributes, and no others.
    update: (context, id, values) =>
      namingDuplicate(context, id, values, async () => void (await write(context, "PUT", `${PATH}/${id}`, { values }))),
    delete: async (context, id) => void (await write(context, "DELETE", `${PATH}/${id}`)),
  },
  edges: { meetings: contactMeetings },
  customFields,
  complete,
  async prepare(context, { id, input, native }) {
    if (id === null || !needsCurrentName(input)) return;
    const [current] = await byIds(context, "people", [id]);
    if (!current) throw notFound("contact");
    Object.assign(native, nameOf(input, flat(current)));
  },
});

/** Pages of a listing without an order could overlap. The last is one that is shorter than its limit. */
async function list(context: ProviderContext, { conditions, order, limit: wanted, cursor }: NativeQuery<NativeRecord>) {
  const [limit, offset] = [Math.min(wanted, PAGE_MAX), Number(cursor ?? 0)];
  const direction = order?.direction === "DESC" ? "desc" : "asc";
  const byName = order?.field === "name" ? [{ attribute: "name", field: "full_name", direction }] : [];
  const sorts = [...byName, { attribute: "created_at", direction }];
  const filter = conditions.length > 0 && { filter: { $and: conditions } };
  const records = await query(context, "people", { ...filter, sorts, limit, offset });
  return { records, next: records.length < limit ? null : String(offset + limit) };
}

async function complete(context: ProviderContext, records: readonly NativeRecord[], reading: Reading) {
  const people = records.map(flat);
  if (!reading.needs("$companies")) return people;
  const ids = people.flatMap(({ company }) => dialect.readText(company) ?? []);
  const companies = (await byIds(context, "companies", ids)).map(flat);
  const names = new Map(companies.map(({ $id, name }) => [$id, dialect.readText(name)]));
  return people.map((person) => ({ ...person, $companies: names.get(dialect.readText(person["company"])) }));
}

/** Attio does not say which record has the e-mail address; the refusal stands whatever becomes of asking for it. */
async function namingDuplicate<Result>(
  context: ProviderContext,
  id: string | null,
  { email_addresses: emails }: NativeRecord,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof CrmError) || error.code !== "DUPLICATE_RECORD") throw error;
    const $in = listOf(emails).map(({ email_address: email }) => String(email).toLowerCase());
    const filter = { email_addresses: { email_address: { $in } } };
    const found = $in.length === 0 ? [] : await query(context, "people", { filter }).catch(() => []);
    const existingId = found.map((record) => idOf(record)).find((other) => other !== id);
    throw existingId === undefined ? error : error.with({ existingId });
  }
}
