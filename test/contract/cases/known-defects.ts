import { describe, expect, test } from "@jest/globals";
import { answerHead } from "../../../src/errors/http-status.js";
import { errorExtensions } from "../../../src/errors/format.js";
import { inChunks } from "../../../src/providers/kit/adapter-kit.js";
import type { CaseContext } from "../ground.js";
import { needing } from "./needing.js";
import { adapterOf, everything, getOne } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, resourcesOf } from "../subject.js";

/** Defects that other CRM integrations had. */
export function describeKnownDefects(context: CaseContext): void {
  const { subject, ground } = context;
  const { provider } = subject;
  const contacts = adapterOf(provider, "contact");
  const meetings = adapterOf(provider, "meeting");

  async function created(adapter: typeof contacts, input: Record<string, unknown>) {
    const { writer, stage } = ground();
    const id = await adapter.create!(writer.context, input);
    const record = await getOne(adapter, writer.context, id, everything(adapter));
    const native = (await (await stage.native(WRITE_ACCOUNT)).get(adapter.map.resource, id))!;
    return { fields: record.fields, native };
  }

  describe("defects known from other integrations", () => {
    if (contacts.create)
      test("a mobile number is not lost between its requested and its read field name", async () => {
        const { fresh } = ground();
        const phones = [subject.mobilePhone ?? { number: "+49 151 5550000", type: "MOBILE" }];
        const { fields, native } = await created(contacts, {
          ...resourceOf(subject, "contact").minimal(fresh),
          phones,
        });
        expect(fields["phones"]).toEqual([expect.objectContaining(phones[0]!)]);
        expect(JSON.stringify(native)).toContain(phones[0]!.number);
      });

    if (meetings.create)
      test("a meeting of 30 minutes lasts 30 minutes, not 30 hours", async () => {
        const { fresh } = ground();
        const startAt = new Date("2026-06-10T09:00:00.000Z");
        const endAt = new Date("2026-06-10T09:30:00.000Z");
        const { fields } = await created(meetings, {
          ...resourceOf(subject, "meeting").minimal(fresh),
          startAt,
          endAt,
        });
        expect(Date.parse(fields["endAt"] as string) - Date.parse(fields["startAt"] as string)).toBe(30 * 60_000);
      });

    if (meetings.create)
      test("a meeting keeps its start, not the time of its creation", async () => {
        const { fresh } = ground();
        const startAt = new Date("2027-01-05T09:00:00.000Z");
        const endAt = new Date("2027-01-05T10:00:00.000Z");
        const { fields, native } = await created(meetings, {
          ...resourceOf(subject, "meeting").minimal(fresh),
          startAt,
          endAt,
        });
        expect(fields["startAt"]).toBe("2027-01-05T09:00:00.000Z");
        expect(native).toMatchObject(subject.times.native(startAt, endAt, false));
      });

    test("a full name never contains “undefined”, “null” or outer spaces", async () => {
      const { world, reader } = ground();
      const ids = [...world.records.contact].slice(0, 100).map(([id]) => id);
      const select = new Set(["fullName"]);
      const found = await inChunks(ids, contacts.batchSize(select), async (batch) => [
        ...(await contacts.get(reader.context, batch, select)).values(),
      ]);
      expect(found).toHaveLength(ids.length);
      for (const { fields } of found) {
        expect(fields["fullName"]).toEqual(expect.any(String));
        expect(fields["fullName"]).not.toMatch(/undefined|null|false|^\s|\s$/);
      }
    });

    needing(context, ["PLAYED_ANSWERS"], () => {
      test("a rate limit of the CRM is reported as an error with status 429", async () => {
        const { stage } = ground();
        const connection = stage.connect({ fault: "PROVIDER_RATE_LIMITED" });
        const query = { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set<string>() };
        const error = await stage.failure(contacts.list(connection.context, query));
        const head = answerHead(null, [{ extensions: errorExtensions(error) }]);
        expect(head.status).toBe(429);
        expect(head.retryAfter).toBeGreaterThanOrEqual(1);
      });
    });

    needing(context, ["PLAYED_ANSWERS"], () => {
      test("an outage is not reported as a refused credential", async () => {
        const { stage } = ground();
        for (const fault of ["PROVIDER_UNAVAILABLE", "PROVIDER_ERROR", "PROVIDER_RATE_LIMITED"] as const) {
          const connection = stage.connect({ fault });
          const error = await stage.failure(provider.verify(connection.exchange, await connection.credentials()));
          expect(error.code).toBe(fault);
          expect(error.credentialRefused).toBe(false);
        }
      });
    });

    test("the CRM's empty values are read as null", async () => {
      const { fresh } = ground();
      for (const resource of resourcesOf(subject)) {
        const adapter = adapterOf(provider, resource);
        if (!adapter.create) continue;
        const { fields } = await created(adapter, resourceOf(subject, resource).minimal(fresh));
        for (const name of resourceOf(subject, resource).textInputs) {
          expect([name, fields[name] === "" || fields[name] === false || fields[name] === "false"]).toEqual([
            name,
            false,
          ]);
        }
      }
    });
  });
}
