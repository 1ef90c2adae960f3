import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { CrmConnection } from "../../support/crm-connections.js";
import type { CaseContext } from "../ground.js";
import {
  everything,
  ownFields,
  plainAdapterOf,
  type AnyPage,
  type AnyRecord,
  type AnyWritten,
} from "../stage/adapter.js";
import { resourceOf, resourcesOf, updatable, type Input } from "../subject.js";

/** The answer of an adapter, in one form for all operations. */
export interface Outcome {
  /** Of a list and of reads by id. */
  records?: readonly AnyRecord[];
  /** Of a list. */
  next?: string | null;
  cap?: AnyPage["cap"];
  /** Of all other operations: the entries of edges, the ids of owners, the id of a create; null for nothing. */
  value?: unknown;
  /** Names: of owners, or of the account. */
  names?: unknown;
}

/** One operation of an adapter with fixed arguments. Every run of it sends the same requests. */
export interface Operation {
  name: string;
  /** The resource of its records. */
  resource: ResourceName;
  account: "READ" | "WRITE";
  /** The field that a record must have to be found: a search by it leaves out a record whose field is broken. */
  foundBy?: string;
  /** The edge that it reads, if its ids are a part of the record. */
  edge?: string;
  run: (connection: CrmConnection) => Promise<Outcome>;
}

/** Records of a list and of a batch. */
const SOME = 3;

/** Every operation of the provider: list, read by id, batch, edges, owners, definitions, writes and the proof of a credential. */
export async function operationsOf({ subject, ground }: CaseContext): Promise<Operation[]> {
  const { provider } = subject;
  const { fresh, world, make } = ground();
  const all: Operation[] = [];
  for (const resource of resourcesOf(subject)) {
    const adapter = plainAdapterOf(provider, resource);
    const own = resourceOf(subject, resource);
    // Records with edges have the most members.
    const linked = own.edges.flatMap((edge) => [...world.links[resource][edge]!.keys()]);
    const ids = [...new Set([...linked, ...world.records[resource].keys()])].slice(0, SOME);
    const select = everything(adapter);
    const reads = { resource, account: "READ" } as const;
    const writes = { resource, account: "WRITE" } as const;
    const get = (some: readonly string[], fields: ReadonlySet<string>) => async (connection: CrmConnection) => ({
      records: [...(await adapter.get(connection.context, some, fields)).values()],
    });
    all.push({
      ...reads,
      name: `list ${resource}s`,
      run: async ({ context }) => {
        const query = { filter: {}, orderBy: null, limit: SOME, cursor: null, select };
        const { records, next, cap } = await adapter.list(context, query);
        return { records, next, cap };
      },
    });
    all.push({ ...reads, name: `get ${resource}`, run: get(ids.slice(0, 1), select) });
    all.push({ ...reads, name: `batch of ${resource}s`, run: get(ids, select) });
    if (adapter.map.custom)
      all.push({ ...reads, name: `definitions of ${resource}s`, run: get(ids.slice(0, 1), new Set(["customFields"])) });
    const { byEmails } = adapter;
    if (byEmails) {
      const addresses = [...world.records[resource]]
        .flatMap(([id, native]) => own.fields["emails"]!.of(native, world, id) as { address: string }[])
        .map(({ address }) => address)
        .slice(0, SOME);
      all.push({
        ...reads,
        name: `search of ${resource}s by e-mail addresses`,
        foundBy: "emails",
        run: async ({ context }) => {
          const found = [...(await byEmails.find(context, addresses, select)).values()];
          return { records: found.flatMap(({ records }) => records), value: found.map(({ hasMore }) => hasMore) };
        },
      });
    }
    for (const [edge, loader] of Object.entries(adapter.edges)) {
      if (!loader) continue;
      // A real account may have no links. The CRM is asked about records all the same.
      const from = [...world.links[resource][edge]!.keys(), ...ids].slice(0, SOME);
      all.push({
        ...reads,
        name: `edge ${edge} of ${resource}s`,
        ...(adapter.map.edges?.[edge] && { edge }),
        run: async ({ context }) => ({ value: [...(await loader.load(context, from))] }),
      });
    }
    const { create, update, createSelecting, updateSelecting, delete: remove } = adapter;
    const heldAfter = (mode: "create" | "update", input: Input) =>
      new Set(ownFields(adapter.map).filter((name) => adapter.cost.answered({ mode, input }, new Set([name]))));
    const shown = async ({ record }: AnyWritten) => ({ records: record ? [await record()] : [] });
    if (createSelecting) {
      const { input } = own.full(fresh);
      const held = heldAfter("create", input);
      if (held.size > 0)
        all.push({
          ...writes,
          name: `create ${resource} and show it`,
          run: async ({ context }) => shown(await createSelecting(context, input, held)),
        });
    }
    if (updateSelecting) {
      const id = await make(resource);
      const change = updatable(own, own.full(fresh).input);
      const held = heldAfter("update", change);
      if (held.size > 0)
        all.push({
          ...writes,
          name: `update ${resource} and show it`,
          run: async ({ context }) => shown(await updateSelecting(context, id, change, held)),
        });
    }
    if (create) {
      const { input } = own.full(fresh);
      all.push({
        ...writes,
        name: `create ${resource}`,
        run: async ({ context }) => ({ value: await create(context, input) }),
      });
    }
    if (update) {
      const id = await make(resource);
      const change = updatable(own, own.full(fresh).input);
      all.push({
        ...writes,
        name: `update ${resource}`,
        run: async ({ context }) => ({ value: (await update(context, id, change)) ?? null }),
      });
    }
    if (remove) {
      const id = await make(resource);
      all.push({
        ...writes,
        name: `delete ${resource}`,
        run: async ({ context }) => ({ value: (await remove(context, id)) ?? null }),
      });
    }
  }
  const owners = [...world.owners.keys()].slice(0, SOME);
  all.push({
    resource: "contact",
    account: "READ",
    name: "owners",
    run: async ({ context }) => {
      const found = await provider.owners.load(context, owners);
      return { value: [...found.keys()], names: [...found.values()] };
    },
  });
  all.push({
    resource: "contact",
    account: "READ",
    name: "proof of the credential",
    run: async (connection) => ({
      names: (await provider.verify(connection.exchange, await connection.credentials())).accountName,
    }),
  });
  return all;
}
