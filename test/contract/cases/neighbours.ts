import { describe, expect, test } from "@jest/globals";
import { CrmError } from "../../../src/errors/crm-error.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf, updatable, type Fresh, type Input } from "../subject.js";

/** Records of an account by their place: `contact 12`, `company 3`. */
type Neighbours = ReadonlyMap<string, NativeRecord>;

/** Refusals before the call: the CRM cannot store the input without changing another record. */
const REFUSED = new Set(["INVALID_INPUT", "MISSING_REQUIRED", "DUPLICATE_RECORD", "INVALID_DATE_RANGE"]);

/**
 * A write changes the record that it names, and no other one. The record has neighbours to which CRMs like to pass changes
 * on: its company, a colleague there with the same telephone number, and the contact or the lead that it is linked with.
 */
export function describeNeighbours({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const own = resourceOf(subject, resource);
  const { create, update, delete: remove } = adapter;
  if (!create && !update) return;

  /** The records of the account that a write of this record may reach. Only some of the contacts and leads, to save time. */
  async function neighbours(except: string | null, also: readonly string[]): Promise<Neighbours> {
    const { stage, fresh } = ground();
    const client = await stage.native(WRITE_ACCOUNT);
    const found = new Map<string, NativeRecord>();
    const add = (place: string, id: string, record: NativeRecord | null) => {
      // Some CRMs keep a record twice, e.g. a company that is also a lead.
      if (record && id !== except) found.set(`${place} ${id}`, withoutLinks(record));
    };
    for (const [id, company] of await client.companyRecords()) add("company", id, company);
    for (const id of [fresh.contacts[0]!, ...also]) add("contact", id, await client.get("contact", id));
    for (const id of fresh.leads.slice(0, 1)) add("lead", id, await client.get("lead", id));
    return found;
  }

  const colleagues: string[] = [];
  const inverse = new Set(subject.inverseFields ?? []);
  const withoutLinks = (record: NativeRecord) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !inverse.has(name)));

  /** What differs in records that existed before: `after the title: contact 12 email`. */
  function differences(step: string, before: Neighbours, after: Neighbours): string[] {
    return [...before].flatMap(([place, record]) => {
      const now = after.get(place);
      if (!now) return [`${step}: ${place} is gone`];
      const names = new Set([...Object.keys(record), ...Object.keys(now)]);
      return [...names]
        .filter((name) => JSON.stringify(record[name]) !== JSON.stringify(now[name]))
        .map((name) => `${step}: ${place} ${name}`);
    });
  }

  /** Runs a write, and resolves to what it changed elsewhere. A refused write must change nothing. */
  async function changed(step: string, id: string | null, write: () => Promise<unknown>): Promise<string[]> {
    const before = await neighbours(id, colleagues);
    try {
      await write();
    } catch (error) {
      if (!(error instanceof CrmError) || !REFUSED.has(error.code)) throw error;
      return differences(`${step}, refused`, before, await neighbours(id, colleagues));
    }
    return differences(step, before, await neighbours(id, colleagues));
  }

  /** A colleague with the same company and numbers, so that what CRMs share between records is shared. */
  async function makeColleague(fresh: Fresh): Promise<void> {
    const contacts = adapterOf(subject.provider, "contact");
    const made = await contacts.create?.(ground().writer.context, resourceOf(subject, "contact").full(fresh).input);
    if (made !== undefined) colleagues.push(made);
  }

  const links = (fresh: Fresh): Input =>
    Object.fromEntries(
      [
        ["contactId", fresh.contacts[0]],
        ["company", fresh.companies[0] === undefined ? undefined : { id: fresh.companies[0] }],
      ].filter(([name, value]) => value !== undefined && inputNames().has(name as string)),
    ) as Input;

  /** Every input of the subject. */
  function inputNames(): ReadonlySet<string> {
    const { fresh } = ground();
    return new Set([own.full(fresh), ...own.variants(fresh)].flatMap(({ input }) => Object.keys(input)));
  }

  /** A record that is linked to a contact and to a company, if the CRM allows it. */
  async function makeLinked(): Promise<string> {
    const { writer, fresh, make } = ground();
    if (!create) return make(resource);
    return create(writer.context, { ...own.minimal(fresh), ...links(fresh) });
  }

  describe("neighbours", () => {
    if (create)
      test("a create changes no other record", async () => {
        const { writer, fresh } = ground();
        await makeColleague(fresh);
        const found: string[] = [];
        const cases = [own.full(fresh), ...own.variants(fresh)].map(({ input }) => input);
        for (const input of [...cases, { ...cases[0], ...links(fresh) }]) {
          const whole = { ...own.minimal(fresh), ...input };
          const step = `create with ${Object.keys(input).join(" + ")}`;
          found.push(...(await changed(step, null, () => create(writer.context, whole))));
        }
        expect(found).toEqual([]);
      });

    if (update)
      test("an update changes no other record, whatever it writes, clears or leaves out", async () => {
        const { writer, fresh } = ground();
        await makeColleague(fresh);
        const found: string[] = [];
        const id = await makeLinked();
        const other = own.full(fresh).input;
        const inputs: Input[] = [
          ...Object.entries(updatable(own, other)).map(([name, value]) => ({ [name]: value })),
          ...own.variants(fresh).map(({ input }) => updatable(own, input)),
          updatable(own, links(fresh)),
          ...[...inputNames()].filter((name) => !own.createOnly.includes(name)).map((name) => ({ [name]: null })),
        ].filter((input) => Object.values(input).some((value) => value !== undefined));
        for (const input of inputs) {
          const step = `update of ${JSON.stringify(input)}`;
          found.push(...(await changed(step, id, () => update(writer.context, id, input))));
        }
        expect(found).toEqual([]);
      });

    if (remove)
      test("a delete leaves company, colleague and linked records", async () => {
        const { writer, fresh } = ground();
        await makeColleague(fresh);
        const id = await makeLinked();
        expect(await changed("delete", id, () => remove(writer.context, id))).toEqual([]);
      });
  });
}
