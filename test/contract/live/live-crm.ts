import { setTimeout as delay } from "node:timers/promises";
import type { Credentials, ProviderContext } from "../../../src/providers/contract/contract.js";
import { serverOf } from "../../../src/providers/contract/oauth.js";
import type { CustomFieldDefinition } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { CrmConnections } from "../../support/crm-connections.js";
import { adapterOf, everything, getOne } from "../stage/adapter.js";
import { readWorld } from "../stage/read-world.js";
import type { Need, StageCrm } from "../stage/stage-crm.js";
import {
  resourceOf,
  resourcesOf,
  type ContractSubject,
  type Fresh,
  type NativeClient,
  type StandardFieldsSubject,
  type World,
} from "../subject.js";
import type { Ledger, Note } from "./ledger.js";
import type { LiveSettings } from "./settings.js";
import { makeRecords, type MadeWorld } from "./world.js";
import type { Seeds } from "./seeds.js";

/** Why a real account does not have it; the rest depends on the account. */
const NEVER: Readonly<Partial<Record<Need, string>>> = {
  PLAYED_ANSWERS: "needs faults and answers that a real CRM does not give on demand",
  OWN_ACCOUNT: "deletes records of an account that nothing else uses",
  KNOWN_TOKENS: "needs expired and revoked tokens that only the sandbox knows",
  SEED: "compares the seed of the sandbox",
  DECLARATIONS: "compares declarations of the repository, without a call",
};
/** Records to which the records of cases refer. */
const FRESH = 6;
/** The names of the companies that subjects expect: the first and any other. */
const COMPANIES = ["Acme GmbH", "Second Company"];

export interface LiveCrmOptions {
  subject: ContractSubject;
  settings: LiveSettings;
  ledger: Ledger;
  seeds: Seeds;
  /** Its reason ends the making of records, right after one that the ledger has. */
  signal?: AbortSignal;
}

/** The origin to which a request goes: the API's, or that of the authorization server if the path is its token endpoint. */
export function targetOf({ provider }: ContractSubject, credentials: Credentials): (path: string) => string {
  const api = provider.origin(credentials, undefined);
  if (!provider.oauth) return () => api;
  const token = new URL(serverOf(provider.oauth, credentials["authorizationServer"]).tokenEndpoint);
  return (path) => (path === token.pathname ? token.origin : api);
}

/**
 * Opens a real account and makes the records of the run in it: those that cases read, and those to which the records of cases
 * refer. The ledger has every record as soon as it is made.
 *
 * @throws CrmError if the CRM refuses the credential or a record
 */
export async function openLiveCrm({ subject, settings, ledger, seeds, signal }: LiveCrmOptions): Promise<StageCrm> {
  const { provider } = subject;
  const { oauthClient } = settings;
  const target = targetOf(subject, settings.credentials);
  const origin = target("/");
  const connections = new CrmConnections({ provider, origin, environment: "live", oauthClient });
  const note: Note = (kind, id) => {
    ledger.note(kind, id);
    signal?.throwIfAborted();
  };
  try {
    const { exchange } = connections.connect(settings.credentials);
    const { credentials } = await provider.verify(exchange, settings.credentials);
    const { context } = connections.connect(credentials);
    const native = await subject.openNative(origin, credentials);
    await native.makeWords?.((id) => note("word", id));
    const fresh = await makeFresh(subject, native, context, note, ledger.mark);
    const made = await makeRecords({
      subject,
      context,
      native,
      note,
      mark: ledger.mark,
      fresh,
      seeds,
      pause: () => delay(1100),
    });
    const world = ownWorld(await readWorld(subject, native, origin), made);
    const reasons = await missingIn(subject, context, made, world);
    return {
      supports: (need) => NEVER[need] ?? reasons.get(need) ?? null,
      target,
      environment: "live",
      oauthClient,
      credentials: () => credentials,
      connectNative: () => subject.openNative(origin, credentials),
      makeWorld: async (_client, called) => ({ ...world, origin: called }),
      makeFresh: async () => fresh,
      counting: (resource, records) => records.filter(({ nativeId }) => made[resource].has(nativeId)),
      noteMade: note,
      close: async () => undefined,
    };
  } finally {
    await connections.close();
  }
}

/** Whether the run can make records of the resource, and remove them again. */
function isMakeable({ provider }: ContractSubject, resource: ResourceName): boolean {
  const { create, delete: remove } = adapterOf(provider, resource);
  return create !== undefined && remove !== undefined;
}

async function makeFresh(
  subject: ContractSubject,
  native: NativeClient,
  context: ProviderContext,
  note: Note,
  mark: string,
): Promise<Fresh> {
  let words = 0;
  const owners = (await native.assignable?.()) ?? [...(await native.owners()).keys()];
  const companies: string[] = [];
  for (const name of native.createCompany ? COMPANIES : []) {
    const id = await native.createCompany!(name);
    note("company", id);
    companies.push(id);
  }
  const fresh = {
    unique: () => `${mark}n${(words += 1)}`,
    contacts: [] as string[],
    leads: [] as string[],
    companies,
    bareContact: "",
    // Cases change the owner. In an account with one user they write the same one again.
    owners: owners.length === 1 ? [owners[0]!, owners[0]!] : owners,
  };
  for (const resource of ["contact", "lead"] as const) {
    if (!subject.resources[resource] || !isMakeable(subject, resource)) continue;
    for (let count = 0; count < FRESH; count += 1) {
      const id = await adapterOf(subject.provider, resource).create!(
        context,
        resourceOf(subject, resource).minimal(fresh),
      );
      note(resource, id);
      fresh[`${resource}s`].push(id);
    }
  }
  fresh.bareContact = fresh.contacts.at(-1) ?? "";
  return fresh;
}

/** The part of a world that the run has made. */
function ownWorld(world: World, made: MadeWorld): World {
  const own = <Value>(resource: ResourceName, all: ReadonlyMap<string, Value>) =>
    new Map([...all].filter(([id]) => made[resource].has(id)));
  const each = <Value>(of: (resource: ResourceName) => Value) => ({
    contact: of("contact"),
    lead: of("lead"),
    meeting: of("meeting"),
  });
  return {
    ...world,
    records: each((resource) => own(resource, world.records[resource])),
    unlisted: each((resource) => own(resource, world.unlisted[resource])),
    links: each((resource) =>
      Object.fromEntries(Object.entries(world.links[resource]).map(([edge, ids]) => [edge, own(resource, ids)])),
    ),
  };
}

/** What the account lacks, with the reasons that the list of cases that did not run gives. */
async function missingIn(
  subject: ContractSubject,
  context: ProviderContext,
  made: MadeWorld,
  world: World,
): Promise<Map<Need, string>> {
  const { provider } = subject;
  const reasons = new Map<Need, string>();
  for (const resource of resourcesOf(subject)) {
    const { custom, standard, edges } = resourceOf(subject, resource);
    for (const edge of edges) {
      if (world.links[resource][edge]!.size > 0) continue;
      reasons.set(`LINKS ${resource}.${edge}`, `no ${resource} of the run has ${edge}`);
    }
    if (!isMakeable(subject, resource)) {
      const reason = `the API of ${provider.name} cannot both make and remove ${resource}s, so the run makes none`;
      for (const what of ["RECORDS", "CUSTOM_FIELDS", "STANDARD_FIELDS"] as const)
        reasons.set(`${what} ${resource}`, reason);
      continue;
    }
    const [id] = [...made[resource]];
    const adapter = adapterOf(provider, resource);
    const { fields } = await getOne(adapter, context, id!, everything(adapter));
    const there = new Set(((fields["customFields"] ?? []) as { key: string; type: string }[]).map(fieldOf));
    const missing = custom.map(fieldOf).filter((field) => !there.has(field));
    if (missing.length > 0)
      reasons.set(
        `CUSTOM_FIELDS ${resource}`,
        `${resource}s of the account have no custom field ${missing.join(", ")}`,
      );
    const absent = absentOf(standard, (await adapter.customFields?.(context)) ?? []);
    if (absent.length > 0)
      reasons.set(`STANDARD_FIELDS ${resource}`, `${resource}s of the account have no ${absent.join(", no ")}`);
  }
  return reasons;
}

/** The fields and the options of the subject that the account does not have. */
function absentOf(
  standard: StandardFieldsSubject | undefined,
  definitions: readonly CustomFieldDefinition[],
): string[] {
  if (!standard) return [];
  const byKey = new Map(definitions.map((definition) => [definition.key, definition]));
  const fields = [...standard.fields.map(({ key }) => key), ...standard.readOnly].filter((key) => !byKey.has(key));
  const options = standard.fields.flatMap(({ key, value, optionLabels }) => {
    const known = byKey.get(key)?.optionLabels;
    if (!optionLabels || !known) return [];
    return [value].flat().flatMap((one) => (known.has(String(one)) ? [] : `option ${String(one)} of ${key}`));
  });
  return [...fields.map((key) => `field ${key}`), ...options];
}

function fieldOf({ key, type }: { key: string; type: string }): string {
  return `${key} (${type})`;
}
