import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { errorExtensions } from "../../../src/errors/format.js";
import { SPOKEN_FAULTS, type SandboxFault } from "../../../src/sandbox/kit/crm.js";
import type { CaseContext } from "../ground.js";
import { adapterOf, everything } from "../stage/adapter.js";
import type { CrmConnection } from "../../support/crm-connections.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, resourcesOf, updatable } from "../subject.js";

export function describeFaults({ subject, ground }: CaseContext): void {
  const { provider } = subject;
  const spoken = [...SPOKEN_FAULTS, "EDGE_HTML"] as const;
  const codeOf = (fault: SandboxFault) =>
    subject.faultCodes[fault] ?? (fault === "EDGE_HTML" ? "PROVIDER_UNAVAILABLE" : fault);

  function operations(connection: CrmConnection): Record<string, () => Promise<unknown>> {
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
      const { byEmails } = adapter;
      if (byEmails)
        all[`search ${resource}s by e-mail`] = () => byEmails.find(context, ["nobody@fault.example"], select);
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
    test.each(spoken)(
      "%s has its code in every operation, and the error leaks nothing of the answer",
      async (fault) => {
        const { stage } = ground();
        for (const name of Object.keys(operations(ground().writer))) {
          // Every operation gets its own connection, so that no failure opens the circuit for the next one.
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
      },
    );

    test.each(["SLOW", "SLOW_BODY"] as const)("an answer that is %s but in time succeeds", async (fault) => {
      const { stage } = ground();
      const connection = stage.connect({ account: WRITE_ACCOUNT, fault });
      const contacts = adapterOf(provider, "contact");
      const query = { filter: {}, orderBy: null, limit: 3, cursor: null, select: everything(contacts) };
      expect((await contacts.list(connection.context, query)).records).toHaveLength(3);
    });

    test("a read is repeated until a short outage is over", async () => {
      const { stage, world } = ground();
      const contacts = adapterOf(provider, "contact");
      const [id] = [...world.records.contact.keys()];
      const reader = stage.connect({ fault: "UNAVAILABLE_BURST" });
      expect((await contacts.get(reader.context, [id!], new Set(["fullName"]))).size).toBe(1);
      expect(reader.calls.at(-1)).toMatchObject({ attempt: 3, status: expect.any(Number) });
    });

    test("a read whose answer breaks off is repeated, and a partial answer is never accepted", async () => {
      const { stage } = ground();
      const connection = stage.connect({ account: WRITE_ACCOUNT, fault: "TRUNCATED" });
      const contacts = adapterOf(provider, "contact");
      const query = { filter: {}, orderBy: null, limit: 3, cursor: null, select: new Set<string>() };
      const error = await stage.failure(contacts.list(connection.context, query));
      expect([error.code, connection.calls.length]).toEqual(["PROVIDER_UNAVAILABLE", 3]);
    });

    test("a read that times out is repeated, then fails with PROVIDER_UNAVAILABLE", async () => {
      const { stage } = ground();
      const connection = stage.connect({ account: WRITE_ACCOUNT });
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
      "a create of a %s that times out is sent once and has the outcome UNKNOWN",
      async (resource) => {
        const { stage, fresh } = ground();
        const create = adapterOf(provider, resource).create!;
        const own = resourceOf(subject, resource);
        const client = await stage.native(WRITE_ACCOUNT);
        const { context } = stage.connect({ account: WRITE_ACCOUNT });
        // The first create reads the CRM's definitions, so that the second one sends nothing but the write.
        await create(context, own.minimal(fresh));
        const before = await client.count(resource);
        const error = await stage.silence(() => create(context, own.minimal(fresh)));
        expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "UNKNOWN"]);
        expect(errorExtensions(error).retryable).toBe(false);
        expect(await client.count(resource)).toBe(before + 1);
      },
    );

    test.each(resources)("an update or delete of a %s that times out is sent at most once", async (resource) => {
      const { stage, fresh, make } = ground();
      const { update, delete: remove } = adapterOf(provider, resource);
      const own = resourceOf(subject, resource);
      const { context } = stage.connect({ account: WRITE_ACCOUNT });
      const id = await make(resource);
      const text = own.textInputs.find((name) => !own.createOnly.includes(name));
      const change = text === undefined ? updatable(own, own.full(fresh).input) : { [text]: "Changed" };
      // The first update reads the CRM's definitions, so that the next write sends nothing but itself.
      if (update) await update(context, id, change);
      const writes = [
        ...(update ? [() => update(context, id, change)] : []),
        ...(remove ? [() => remove(context, id)] : []),
      ];
      for (const write of writes) {
        const requests = await stage.recorded(async () => {
          expect((await stage.silence(write)).code).toBe("PROVIDER_UNAVAILABLE");
        });
        const sent = requests.filter((request) => subject.isWrite(request));
        // Some adapters read the record first. That read is repeated and fails, and the write is never sent.
        expect([requests.length, sent.length]).toEqual(sent.length > 0 ? [1, 1] : [3, 0]);
      }
    });
  });
}
