import { writableInputs } from "../../../src/providers/mapping/write-record.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { adapterOf, everything, listAll, type AnyAdapter } from "../stage/adapter.js";
import { openStage, READ_ACCOUNT } from "../stage/stage.js";
import { resourceOf, resourcesOf, type ContractSubject, type Fields, type Input, type World } from "../subject.js";

/** Inputs of records for the world of a real account, by resource. */
export type Seeds = ReadonlyMap<ResourceName, readonly Input[]>;

/** Records that are taken because they pass a filter: so many for each value. */
const PASSING = 2;
/** Of each resource. */
const FEWEST = 12;
const MOST = 40;
/** References, which the world has to its own records. */
const REFERENCES = ["ownerId", "company", "contactId", "contactIds", "leadIds", "customFields"];
/** Parts of values that only reads have. */
const READ_ONLY_PARTS = new Set(["rawType", "isPrimary", "e164", "extension"]);

/** Takes records of the sandbox's seed: for every value of every filter some that pass it, and some others. */
export async function seedsOf(subject: ContractSubject): Promise<Seeds> {
  const stage = await openStage(subject);
  try {
    const world = await stage.makeWorld(READ_ACCOUNT);
    const { context } = stage.connect({ account: READ_ACCOUNT });
    const seeds = new Map<ResourceName, Input[]>();
    for (const resource of resourcesOf(subject)) {
      const adapter = adapterOf(subject.provider, resource);
      const chosen = chosenOf(subject, resource, world);
      const records = await listAll(adapter, context, { select: everything(adapter) });
      const taken = records.filter(({ nativeId }) => chosen.has(nativeId));
      seeds.set(
        resource,
        taken.map(({ fields }) => inputOf(adapter, fields)),
      );
    }
    return seeds;
  } finally {
    await stage.close();
  }
}

function chosenOf(subject: ContractSubject, resource: ResourceName, world: World): Set<string> {
  const records = [...world.records[resource]];
  const chosen = new Set<string>();
  for (const filter of Object.values(resourceOf(subject, resource).filters)) {
    for (const value of filter.values(world)) {
      const passing = records.filter(([id, native]) => filter.passes(native, value as never, world, id));
      for (const [id] of passing.slice(0, PASSING)) if (chosen.size < MOST) chosen.add(id);
    }
  }
  const { emails } = resourceOf(subject, resource).fields;
  const addressed = records.filter(([id, native]) => ((emails?.of(native, world, id) ?? []) as unknown[]).length > 0);
  for (const [id] of addressed.slice(0, FEWEST)) chosen.add(id);
  for (const [id] of records) if (chosen.size < FEWEST) chosen.add(id);
  return chosen;
}

/** The inputs that make a record like the one that was read. References and custom fields are left out. */
function inputOf({ map }: AnyAdapter, fields: Fields): Input {
  const names = writableInputs(map).filter((name) => !REFERENCES.includes(name));
  const input: Input = {};
  for (const name of names) {
    const value = fields[name];
    if (value === null || value === undefined || value === "") continue;
    if (Array.isArray(value) && value.length === 0) continue;
    input[name] = name === "startAt" || name === "endAt" ? new Date(value as string) : written(value);
  }
  // The same value by two names: the parts of a name and the whole of it, the unified word and the CRM's own.
  if ("firstName" in input || "lastName" in input) delete input["fullName"];
  for (const name of ["Status", "LifecycleStage"]) {
    if (`raw${name}` in input) delete input[name.charAt(0).toLowerCase() + name.slice(1)];
  }
  return input;
}

/** A value as an input has it. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).filter(([name, part]) => part !== null && !READ_ONLY_PARTS.has(name));
  return Object.fromEntries(parts);
}
