import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext, ResourceAdapter } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { MeetingInput } from "../../contract/input.js";
import { afterwards, chunks, notFound, writing } from "../../kit/adapter-kit.js";
import { saysAllTimes, touchesTimes } from "../../mapping/meeting-times.js";
import { toNative } from "../../mapping/write-record.js";
import { DATA_PATH, insert, patch } from "./api.js";
import { isUnknownColumn } from "./definitions.js";
import { KEY_PREFIX, longId, OBJECTS } from "./dialect.js";
import { allDayMeetingMap, meetingMap } from "./meeting-map.js";
import { completePeople, PEOPLE_COLUMNS, surplusRelations, touchesPeople } from "./meeting-people.js";
import { completeTimes, TIME_COLUMNS } from "./meeting-times.js";
import { rowsByIds } from "./records.js";

/** Most records that one collections delete takes. */
const DELETE_MAX = 200;
/** A relation that the update itself has already taken away. */
const ALREADY_GONE = new Set(["ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"]);

/**
 * Creates and updates events. Unlike other objects, an event has times that depend on each other and people that are
 * other records.
 */
export const meetingWrites: Required<Pick<ResourceAdapter<"meeting">, "create" | "update">> = {
  async create(context, input) {
    const native = toNative(mapFor(input), input, "create");
    return writing(meetingMap, () => withPeople(native, (people) => insert(context, "meeting", people)));
  },

  async update(context, id, input) {
    // All faults of the input come before any call, those that only show beside the event's own values after the read.
    // Whether it may do without an end depends on the event where the input does not say if it is all-day.
    toNative(input.isAllDay === undefined ? allDayMeetingMap : mapFor(input), input, "update");
    const eventId = longId(id, KEY_PREFIX.event);
    if (eventId === null) throw notFound("meeting");
    const { whole, surplus } = await completed(context, eventId, input);
    const native = toNative(mapFor(whole), whole, "update");
    await writing(meetingMap, () => withPeople(native, (people) => patch(context, "meeting", eventId, people)));
    await afterwards(() => removeRelations(context, surplus));
  },
};

function mapFor(input: MeetingInput) {
  return input.isAllDay ? allDayMeetingMap : meetingMap;
}

interface Completed {
  whole: MeetingInput;
  /** Relations with people whom the event is to be without. */
  surplus: string[];
}

async function completed(context: ProviderContext, eventId: string, input: MeetingInput): Promise<Completed> {
  const people = touchesPeople(input);
  const times = touchesTimes(input) && !saysAllTimes(input);
  if (!people && !times) return { whole: input, surplus: [] };
  const columns = ["Id", ...(times ? TIME_COLUMNS : []), ...(people ? PEOPLE_COLUMNS : [])];
  const [current] = await rowsByIds(context, OBJECTS.meeting, columns, [eventId]);
  if (!current) throw notFound("meeting");
  const whole = {
    ...input,
    ...(times ? completeTimes(input, current) : {}),
    ...(people ? completePeople(input, current) : {}),
  };
  return { whole, surplus: people ? surplusRelations(input, current) : [] };
}

/** Sends an event; where the org does not know EventWhoIds, its one person as the Who. */
async function withPeople<Result>(
  native: NativeRecord,
  send: (native: NativeRecord) => Promise<Result>,
): Promise<Result> {
  try {
    return await send(native);
  } catch (error) {
    if (!("EventWhoIds" in native) || !isUnknownColumn(error, "EventWhoIds")) throw error;
    const { EventWhoIds, ...rest } = native;
    const [who = null, ...others] = (EventWhoIds ?? []) as string[];
    if (others.length > 0) {
      throw new CrmError("INVALID_INPUT", {
        errors: {
          EventWhoIds: "Shared Activities is switched off in this Salesforce org, so an event has at most one person.",
        },
      });
    }
    return send({ ...rest, WhoId: who });
  }
}

/** The second half of an update: invitations are records that replacing the list may leave standing. */
async function removeRelations(context: ProviderContext, relationIds: readonly string[]): Promise<void> {
  for (const ids of chunks(relationIds, DELETE_MAX)) {
    const { body } = await context.send({
      method: "DELETE",
      path: `${DATA_PATH}/composite/sobjects`,
      query: { ids: ids.join(","), allOrNone: "false" },
      // What is deleted already stays so.
      safe: true,
      changes: true,
    });
    const code = failureIn(body);
    if (code !== null) throw new CrmError("PROVIDER_ERROR", { upstream: { status: 200, code } });
  }
}

function failureIn(body: unknown): string | null {
  const results = body as { success?: boolean; errors?: { statusCode?: string }[] }[];
  for (const { success, errors = [] } of results) {
    const code = success === true ? null : (errors[0]?.statusCode ?? "UNKNOWN_EXCEPTION");
    if (code !== null && !ALREADY_GONE.has(code)) return code;
  }
  return null;
}
