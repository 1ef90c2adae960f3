import { describe, expect, test } from "@jest/globals";
import type { CaseContext } from "../ground.js";
import { adapterOf, getOne } from "../stage/adapter.js";
import { WRITE_ACCOUNT } from "../stage/stage.js";
import { resourceOf } from "../subject.js";

const TIMED: readonly (readonly [kind: string, start: string, end: string])[] = [
  ["30 minutes", "2026-06-10T09:00:00.000Z", "2026-06-10T09:30:00.000Z"],
  ["90 minutes", "2026-06-10T09:15:00.000Z", "2026-06-10T10:45:00.000Z"],
  ["across midnight UTC", "2026-06-30T23:30:00.000Z", "2026-07-01T00:30:00.000Z"],
  ["across midnight in Newfoundland", "2026-06-10T02:15:00.000Z", "2026-06-10T02:45:00.000Z"],
  ["the night America springs forward", "2026-03-08T06:30:00.000Z", "2026-03-08T07:30:00.000Z"],
  ["the hour Newfoundland leaves out", "2026-03-08T05:45:00.000Z", "2026-03-08T06:15:00.000Z"],
  ["the night Europe springs forward", "2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z"],
  ["the night Europe falls back", "2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"],
  ["the night America falls back", "2026-11-01T05:30:00.000Z", "2026-11-01T06:30:00.000Z"],
  ["a leap day", "2028-02-29T12:00:00.000Z", "2028-02-29T13:00:00.000Z"],
  ["seconds", "2026-06-10T09:00:17.000Z", "2026-06-10T09:30:42.000Z"],
  ["several days", "2026-06-10T09:00:00.000Z", "2026-06-12T17:00:00.000Z"],
  ["the turn of a year", "2026-12-31T23:59:00.000Z", "2027-01-01T00:01:00.000Z"],
  ["midnight to midnight", "2026-06-10T00:00:00.000Z", "2026-06-11T00:00:00.000Z"],
];

const ALL_DAY: readonly (readonly [kind: string, start: string, end: string])[] = [
  ["one day", "2026-06-10T00:00:00.000Z", "2026-06-11T00:00:00.000Z"],
  ["three days", "2026-06-29T00:00:00.000Z", "2026-07-02T00:00:00.000Z"],
  ["the day Europe springs forward", "2026-03-29T00:00:00.000Z", "2026-03-30T00:00:00.000Z"],
  ["the day America falls back", "2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z"],
  ["a leap day", "2028-02-29T00:00:00.000Z", "2028-03-01T00:00:00.000Z"],
  ["New Year", "2026-12-31T00:00:00.000Z", "2027-01-02T00:00:00.000Z"],
];

/** Expected values are literal instants, so that the result must not depend on the time zone of the process. */
export function describeTimes({ subject, ground }: CaseContext): void {
  const adapter = adapterOf(subject.provider, "meeting");
  const { create, update } = adapter;
  if (!create) return;
  const own = resourceOf(subject, "meeting");
  const { times } = subject;
  const movable = update && !own.createOnly.includes("startAt") ? update : null;
  const select = new Set(["startAt", "endAt", "isAllDay"]);

  async function expectTimes(id: string, startAt: string, endAt: string, isAllDay: boolean): Promise<void> {
    const { writer, stage } = ground();
    expect((await getOne(adapter, writer.context, id, select)).fields).toEqual({ startAt, endAt, isAllDay });
    const native = await (await stage.native(WRITE_ACCOUNT)).get("meeting", id);
    expect(native).toMatchObject(times.native(new Date(startAt), new Date(endAt), isAllDay));
  }

  describe("times of a meeting", () => {
    test.each(TIMED)("%s", async (_kind, startAt, endAt) => {
      const { writer, fresh } = ground();
      const input = { startAt: new Date(startAt), endAt: new Date(endAt) };
      const created = await create(writer.context, { ...own.minimal(fresh), ...input });
      await expectTimes(created, startAt, endAt, false);
      if (!movable) return;
      const moved = await create(writer.context, own.minimal(fresh));
      await movable(writer.context, moved, input);
      await expectTimes(moved, startAt, endAt, false);
    });

    const allDay = ALL_DAY.map(([kind, startAt, endAt]) => [kind, startAt, endAt] as const);
    test.each(allDay)("all day: %s", async (_kind, startAt, endAt) => {
      const { writer, fresh, stage } = ground();
      const input = { startAt: new Date(startAt), endAt: new Date(endAt), isAllDay: true };
      if (!times.allDay) {
        const error = await stage.failure(create(writer.context, { ...own.minimal(fresh), ...input }));
        expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["input.isAllDay"]]);
        return;
      }
      const created = await create(writer.context, { ...own.minimal(fresh), ...input });
      await expectTimes(created, startAt, endAt, true);
      if (!movable) return;
      const changed = await create(writer.context, own.minimal(fresh));
      await movable(writer.context, changed, input);
      await expectTimes(changed, startAt, endAt, true);
      await movable(writer.context, changed, { ...input, isAllDay: false });
      await expectTimes(changed, startAt, endAt, false);
    });

    if (movable)
      test("an update of only the start or only the end keeps the other", async () => {
        const { writer, fresh } = ground();
        const input = { startAt: new Date("2026-06-10T09:00:00.000Z"), endAt: new Date("2026-06-10T10:00:00.000Z") };
        const id = await create(writer.context, { ...own.minimal(fresh), ...input });
        await movable(writer.context, id, { startAt: new Date("2026-06-10T08:45:00.000Z") });
        await expectTimes(id, "2026-06-10T08:45:00.000Z", "2026-06-10T10:00:00.000Z", false);
        await movable(writer.context, id, { endAt: new Date("2026-06-10T11:30:00.000Z") });
        await expectTimes(id, "2026-06-10T08:45:00.000Z", "2026-06-10T11:30:00.000Z", false);
      });

    test("fractions of a second are kept to the precision of the CRM", async () => {
      const { writer, fresh } = ground();
      const [startAt, endAt] = [Date.UTC(2026, 5, 10, 9, 0, 0, 789), Date.UTC(2026, 5, 10, 9, 30, 0, 123)];
      const id = await create(writer.context, {
        ...own.minimal(fresh),
        startAt: new Date(startAt),
        endAt: new Date(endAt),
      });
      const kept = (instant: number) => new Date(instant - (instant % times.precisionMs)).toISOString();
      await expectTimes(id, kept(startAt), kept(endAt), false);
    });
  });
}
