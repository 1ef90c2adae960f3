import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { adapterOf, getOne } from "../stage/adapter.js";
import { openStage, WRITE_ACCOUNT, type Stage } from "../stage/stage.js";
import type { ContractSubject } from "../subject.js";
import { openOdoo } from "./native-client.js";

/** Who shows up among the people of a meeting: Odoo leaves archived contacts out of its lists, and hides private meetings. */
export function describeMeetingPeople(subject: ContractSubject): void {
  describe(`the people of meetings of ${subject.sandbox.imitates}`, () => {
    let stage: Stage;
    beforeAll(async () => (stage = await openStage(subject)));
    afterAll(() => stage.close());
    const clientOf = (account: string) => openOdoo(stage.origin, stage.credentials(account));
    const times = { startAt: new Date("2026-06-10T09:00:00.000Z"), endAt: new Date("2026-06-10T10:00:00.000Z") };
    const select = (...names: string[]) => new Set(names);

    test.each([1, 2])("%i archived contacts of two stay among the people of a meeting", async (count) => {
      const client = await clientOf(WRITE_ACCOUNT);
      const { context } = stage.connect({ account: WRITE_ACCOUNT });
      const contacts = adapterOf(subject.provider, "contact");
      const meetings = adapterOf(subject.provider, "meeting");
      const { owners } = await stage.fresh();
      const ids = await Promise.all(["Ann", "Ben"].map((fullName) => contacts.create!(context, { fullName })));
      const id = await meetings.create!(context, { title: "x", ...times, contactIds: ids });
      // The meeting of a colleague: Odoo hides private ones, and says nothing about it.
      await client.call("calendar.event", "write", [[Number(id)], { user_id: Number(owners[1]) }]);
      await client.call("res.partner", "write", [ids.slice(-count).map(Number), { active: false }]);

      const { links, fields } = await getOne(meetings, context, id, select("contacts", "attendees"));
      expect(links["contacts"]).toEqual(expect.arrayContaining(ids));
      expect(fields["attendees"]).toEqual(ids.map((contactId) => expect.objectContaining({ contactId })));
      const edges = await contacts.edges["meetings"]!.load(context, ids);
      expect(ids.map((one) => edges.get(one)?.ids)).toEqual([[id], [id]]);
    });

    test("a private meeting of another user shows its times, and neither title nor people", async () => {
      const client = await clientOf(WRITE_ACCOUNT);
      const { context } = stage.connect({ account: WRITE_ACCOUNT });
      const { contacts, owners } = await stage.fresh();
      const meetings = adapterOf(subject.provider, "meeting");
      const input = {
        title: "Salary",
        description: "Secret",
        ...times,
        contactIds: contacts.slice(0, 2),
        ownerId: owners[1],
      };
      const id = await meetings.create!(context, input);
      await client.call("calendar.event", "write", [[Number(id)], { privacy: "private" }]);

      const { fields, links } = await getOne(meetings, context, id);
      expect(fields).toMatchObject({ title: "Busy", description: null, attendees: [] });
      expect(fields["startAt"]).toBe(times.startAt.toISOString());
      expect(links["contacts"]).toEqual([]);
      const people = adapterOf(subject.provider, "contact");
      const edges = await people.edges["meetings"]!.load(context, contacts.slice(0, 2));
      expect([...edges.values()].flatMap(({ ids }) => ids)).not.toContain(id);
    });
  });
}
