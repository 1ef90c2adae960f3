import { CrmError } from "../../../src/errors/crm-error.js";
import type { ProviderContext } from "../../../src/providers/contract/contract.js";
import { writableInputs } from "../../../src/providers/mapping/write-record.js";
import { RESOURCES, type ResourceName } from "../../../src/providers/contract/model.js";
import { adapterOf, type AnyAdapter } from "../stage/adapter.js";
import {
  resourceOf,
  type ContractSubject,
  type Fresh,
  type Input,
  type NativeClient,
  type ResourceSubject,
} from "../subject.js";
import type { Note } from "./ledger.js";
import type { Seeds } from "./seeds.js";

/** Native ids of the records that cases read, and that no case changes. */
export type MadeWorld = Readonly<Record<ResourceName, ReadonlySet<string>>>;

interface WorldOptions {
  subject: ContractSubject;
  context: ProviderContext;
  native: NativeClient;
  note: Note;
  /** It stands in a text of every record. */
  mark: string;
  fresh: Fresh;
  seeds: Seeds;
  /** Waits until the CRM's clock shows another second: filters by time divide the records. */
  pause: () => Promise<unknown>;
}

/** Inputs that no case finds records by, where the mark of the run does no harm. */
const MARKED = ["internalNotes", "description", "title", "subject", "companyName", "lastName"] as const;
/** A record is made without the inputs that the account refuses, such as an option that it does not have. */
const ATTEMPTS = 6;

/** Makes the records that cases read: one with all inputs, its variants, and those of the seed. */
export async function makeRecords(options: WorldOptions): Promise<MadeWorld> {
  const { subject, note, mark, fresh, seeds, pause } = options;
  const ids: Record<ResourceName, string[]> = { contact: [], lead: [], meeting: [] };
  for (const resource of RESOURCES) {
    if (!subject.resources[resource]) continue;
    const adapter = adapterOf(subject.provider, resource);
    if (!adapter.create || !adapter.delete) continue;
    const own = resourceOf(subject, resource);
    const inputs = [
      own.full(fresh).input,
      ...own.variants(fresh).map(({ input }) => ({ ...own.minimal(fresh), ...input })),
      ...(seeds.get(resource) ?? []).map((input) => withoutTwice(own.minimal(fresh), input)),
    ].map(withoutPeople);
    for (const [index, input] of inputs.entries()) {
      if (index === Math.floor(inputs.length / 2)) await pause();
      const references = referencesOf(adapter, fresh, ids, index);
      const whole = { ...references, ...marked(own, adapter, input, mark) };
      const id = await createWhatFits(adapter, options.context, whole, mark);
      if (id === null) continue;
      note(resource, id);
      await options.native.enlist?.(resource, id);
      ids[resource].push(id);
    }
  }
  return { contact: new Set(ids.contact), lead: new Set(ids.lead), meeting: new Set(ids.meeting) };
}

/** The people of the world are its own, so that no case changes them. */
function withoutPeople({ contactId: _contact, contactIds: _contacts, leadIds: _leads, ...input }: Input): Input {
  return input;
}

/** The smallest input with another one. The parts of a name take the place of the whole name, and the other way round. */
function withoutTwice(minimal: Input, input: Input): Input {
  const { fullName, firstName, lastName, ...others } = { ...minimal, ...input };
  if ("fullName" in input) return { ...others, fullName };
  const hasParts = "firstName" in input || "lastName" in input;
  return hasParts ? { ...others, firstName, lastName } : { ...minimal, ...input };
}

/** Every second record has people and an owner, and a company. */
function referencesOf(adapter: AnyAdapter, fresh: Fresh, ids: Record<ResourceName, string[]>, index: number): Input {
  if (index % 2 === 1) return {};
  const { contact, lead } = ids;
  const writable = writableInputs(adapter.map);
  const some = (from: readonly string[], count: number) =>
    Array.from({ length: count }, (_, at) => from[(index + at) % from.length]!);
  const references: Input = {
    ownerId: fresh.owners[0],
    ...(fresh.companies.length > 0 && { company: { id: fresh.companies[index % fresh.companies.length] } }),
    ...(contact.length > 0 && { contactId: some(contact, 1)[0], contactIds: some(contact, 2) }),
    ...(lead.length > 0 && { leadIds: some(lead, 1) }),
  };
  return Object.fromEntries(Object.entries(references).filter(([name]) => writable.includes(name)));
}

/** The input with the mark of the run at the end of a text. */
function marked({ textInputs }: ResourceSubject, { map }: AnyAdapter, input: Input, mark: string): Input {
  const writable = writableInputs(map);
  const name = MARKED.find((one) => textInputs.includes(one) && writable.includes(one));
  if (name === undefined) return input;
  const text = input[name];
  return { ...input, [name]: text === undefined || text === null ? mark : `${String(text)} ${mark}` };
}

/**
 * Returns null for a record that the CRM refuses as a duplicate, also by another name.
 * @throws CrmError if the CRM refuses what is left of the input
 */
async function createWhatFits(
  adapter: AnyAdapter,
  context: ProviderContext,
  input: Input,
  mark: string,
): Promise<string | null> {
  const left = { ...input };
  let isRenamed = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await adapter.create!(context, left);
    } catch (error) {
      if (!(error instanceof CrmError) || attempt === ATTEMPTS) throw error;
      if (error.code === "DUPLICATE_RECORD") {
        if (isRenamed) return null;
        // The account already has somebody with this name or one of these addresses.
        const { emails, lastName, fullName } = left;
        const others = (emails ?? []) as { address: string }[];
        if (emails) left["emails"] = others.map((email) => ({ ...email, address: `${mark}.${email.address}` }));
        if (lastName) left["lastName"] = `${String(lastName)} ${mark}`;
        if (fullName) left["fullName"] = `${String(fullName)} ${mark}`;
        isRenamed = true;
        continue;
      }
      const refused = Object.keys(error.details.errors ?? {}).map((path) => path.split(".")[1] ?? "");
      const before = Object.keys(left).length;
      for (const name of refused) delete left[name];
      if (Object.keys(left).length === before) throw error;
    }
  }
}
