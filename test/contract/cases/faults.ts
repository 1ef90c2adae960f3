import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { DefinitionCache } from "../../../src/connections/calls/definition-cache.js";
import type { ProviderContext } from "../../../src/providers/contract/contract.js";
import { errorExtensions } from "../../../src/errors/format.js";
import { SPOKEN_FAULTS, type SandboxFault } from "../../../src/sandbox/kit/crm.js";
import type { CaseContext } from "../ground.js";
import { adapterOf, everything } from "../stage/adapter.js";
import { WRITE_ACCOUNT, type Connection } from "../stage/stage.js";
import { resourceOf, resourcesOf, updatable } from "../subject.js";

export function describeFaults({ subject, ground }: CaseContext): void {
  const { provider } = subject;
  const spoken = [...SPOKEN_FAULTS, "EDGE_HTML"] as const;
  const codeOf = (fault: SandboxFault) =>
    subject.faultCodes[fault] ?? (fault === "EDGE_HTML" ? "PROVIDER_UNAVAILABLE" : fault);

  function operations(connection: Connection): Record<string, () => Promise<unknown>> {
    const { context } = connection;
    const { fresh, world } = ground();
    const all: Record<string, () => Promise<unknown>> = {
      owners: () => provider.owners.load(context, fresh.owners),
    };
    for (const resource of resourcesOf(subject)) {
      const adapter = adapterOf(provider, resource);
      const own = resourceOf(subject, resource);
      const ids = [...world.records[resource].keys()].slice(0, 3);
      const select = everything(adapter);
      const query = { filter: {}, orderBy: null, limit: 5, cursor: null, select };
      all[`list ${resource}s`] = () => adapter.list(context, query);
      all[`get ${resource}s`] = () => adapter.get(context, ids, select);
      for (const [edge, loader] of Object.entries(adapter.edges))
        if (loader) all[`edge ${resource}.${edge}`] = () => loader.load(context, ids);
      const { create, update, delete: remove } = adapter;
      if (create) all[`create ${resource}`] = () => create(context, own.minimal(fresh));
      if (update) all[`update ${resource}`] = () => update(context, ids[0]!, updatable(own, own.full(fresh).input));
      if (remove) all[`delete ${resource}`] = () => remove(context, ids[0]!);
    }
    return all;
  }

  describe("faults of the CRM", () => {
    test.each(spoken)("%s is told apart in every operation, and tells nothing else", async (fault) => {
      const { stage } = ground();
      for (const name of Object.keys(operations(ground().writer))) {
        // Every operation has a circuit of its own here: this is not about the circuit.
        const connection = stage.connect({ account: WRITE_ACCOUNT, fault });
        const error = await stage.failure(operations(connection)[name]!());
        expect([name, error.code]).toEqual([name, codeOf(fault)]);
        expect(error.details).toMatchObject({ provider: provider.slug });
        if (error.code === "PROVIDER_RATE_LIMITED") {
          expect(error.details.retryAfter).toBeGreaterThan(0);
          expect(errorExtensions(error).http).toMatchObject({
            status: 429,
            headers: { "retry-after": expect.stringMatching(/^[1-9]\d*$/) },
          });
        }
        const told = inspect(error, { depth: 10 }) + JSON.stringify(error.details);
        expect(told).not.toMatch(/<html|<body|<!doctype|Traceback|File \\?"\/|x-sandbox-fault|authorization/i);
        expect(error.cause).toBeUndefined();
      }
    });

    test.each(["SLOW", "SLOW_BODY"] as const)("an answer that is %s, but in time, is as good as any", async (fault) => {
      const { stage } = ground();
      const connection = stage.connect({ account: WRITE_ACCOUNT, fault });
      const contacts = adapterOf(provider, "contact");
      const query = { filter: {}, orderBy: null, limit: 3, cursor: null, select: everything(contacts) };
      expect((await contacts.list(connection.context, query)).records).toHaveLength(3);
    });

    test("a burst of outages is outlived by reads", async () => {
      const { stage, world } = ground();
      const contacts = adapterOf(provider, "contact");
      const [id] = [...world.records.contact.keys()];
      const reader = stage.connect({ fault: "UNAVAILABLE_BURST" });
      expect((await contacts.get(reader.context, [id!], new Set(["fullName"]))).size).toBe(1);
      expect(reader.calls.at(-1)).toMatchObject({ attempt: 3, status: expect.any(Number) });
    });

    test("an answer that breaks off is repeated where it is a read's, and never taken for the whole", async () => {
      const { stage } = ground();
      const connection = stage.connect({ account: WRITE_ACCOUNT, fault: "TRUNCATED" });
      const contacts = adapterOf(provider, "contact");
      const query = { filter: {}, orderBy: null, limit: 3, cursor: null, select: new Set<string>() };
      const error = await stage.failure(contacts.list(connection.context, query));
      expect([error.code, connection.calls.length]).toEqual(["PROVIDER_UNAVAILABLE", 3]);
    });

    test("a read that is not answered in time is repeated, and then the CRM is unavailable", async () => {
      const { stage } = ground();
      const connection = stage.connect({ account: WRITE_ACCOUNT, silent: true });
      const contacts = adapterOf(provider, "contact");
      const query = { filter: {}, orderBy: null, limit: 3, cursor: null, select: new Set<string>() };
      const error = await stage.silence(() => contacts.list(connection.context, query));
      expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", undefined]);
      expect(connection.calls.map(({ attempt, status }) => [attempt, status])).toEqual([
        [1, null],
        [2, null],
        [3, null],
      ]);
    });

    const resources = resourcesOf(subject);
    test.each(resources.filter((resource) => adapterOf(provider, resource).create))(
      "a create of a %s that is not answered happens once, and says that it may have",
      async (resource) => {
        const { stage, fresh } = ground();
        const create = adapterOf(provider, resource).create!;
        const own = resourceOf(subject, resource);
        const client = await stage.native(WRITE_ACCOUNT);
        const definitions = new DefinitionCache();
        // What the CRM says of its definitions is known by now, as in any connection that is in use.
        const calm = stage.connect({ account: WRITE_ACCOUNT, definitions });
        await create(calm.context, own.minimal(fresh));
        const before = await client.count(resource);
        const connection = stage.connect({ account: WRITE_ACCOUNT, definitions, silent: true });
        const error = await stage.silence(() => create(connection.context, own.minimal(fresh)));
        expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "UNKNOWN"]);
        expect(errorExtensions(error).retryable).toBe(false);
        expect(await client.count(resource)).toBe(before + 1);
      },
    );

    test.each(resources)("an update or delete of a %s that is not answered is sent once at most", async (resource) => {
      const { stage, fresh, make } = ground();
      const { update, delete: remove } = adapterOf(provider, resource);
      const own = resourceOf(subject, resource);
      const definitions = new DefinitionCache();
      const calm = stage.connect({ account: WRITE_ACCOUNT, definitions });
      const id = await make(resource);
      const text = own.textInputs.find((name) => !own.createOnly.includes(name));
      const change = text === undefined ? updatable(own, own.full(fresh).input) : { [text]: "Changed" };
      // What the CRM says of its definitions is known by now, as in any connection that is in use.
      if (update) await update(calm.context, id, change);
      const writes = [
        ...(update ? [(context: ProviderContext) => update(context, id, change)] : []),
        ...(remove ? [(context: ProviderContext) => remove(context, id)] : []),
      ];
      for (const write of writes) {
        const silent = stage.connect({ account: WRITE_ACCOUNT, definitions, silent: true });
        const requests = await stage.recorded(async () => {
          expect((await stage.silence(() => write(silent.context))).code).toBe("PROVIDER_UNAVAILABLE");
        });
        const sent = requests.filter((request) => subject.isWrite(request));
        // Some look for the record first; that is a read, repeated as such, and the write is never come to.
        expect([requests.length, sent.length]).toEqual(sent.length > 0 ? [1, 1] : [3, 0]);
      }
    });
  });
}
