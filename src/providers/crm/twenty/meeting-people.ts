import { decoding } from "../../../upstream/answer-body.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { MeetingInput } from "../../contract/input.js";
import { absentIfNotFound, afterwards, inChunks } from "../../kit/adapter-kit.js";
import type { PartLoader, ResourceCalls } from "../../kit/resource-rules.js";
import { attendeeReader } from "../../mapping/attendee.js";
import { sendWrite } from "../../kit/rest.js";
import { writtenBatch } from "./answers.js";
import { allRecords } from "./api.js";
import { emailsOf, nameOf } from "./contact-map.js";
import { flat, readText, RECORDS_MAX } from "./dialect.js";
import { idIn } from "./query.js";
import { recordWrites, type RecordCalls } from "./records.js";

export const PARTICIPANTS = "calendarEventParticipants";
/** Maximum number of related records that recent versions of Twenty include in a record. */
const RELATED_MAX = 20;

export const participantsIn = (event: NativeRecord) => event["$participants"] as readonly NativeRecord[];

export const attendeeOf = attendeeReader({
  name: "displayName",
  email: "handle",
  contactId: "personId",
  ownerId: "workspaceMemberId",
  isOrganizer: "isOrganizer",
  response: "responseStatus",
});

/** Reads the participants of events. If the response may lack some participants of an event, all of them are read. */
export const participants: PartLoader = async (context, events) => {
  const brought = (event: NativeRecord) => event[PARTICIPANTS] as NativeRecord[] | undefined;
  const unsure = events.filter((event) => (brought(event)?.length ?? RELATED_MAX) >= RELATED_MAX);
  const filters = [
    idIn(
      "calendarEventId",
      unsure.map(({ id }) => String(id)),
    ),
  ];
  const read = unsure.length === 0 ? [] : await allRecords(context, PARTICIPANTS, { filters });
  const byEvent = Map.groupBy(read, ({ calendarEventId }) => calendarEventId);
  const rank = ({ isOrganizer, id }: NativeRecord) => `${isOrganizer === true ? 0 : 1}${String(id)}`;
  return (event) => {
    const all = [...(byEvent.get(event["id"]) ?? brought(event) ?? [])];
    return all.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  };
};

/** Adds the participants to the writes of events. Participants are separate records. */
export function withPeople(events: RecordCalls<"meeting">): ResourceCalls<"meeting", string> {
  return {
    ...events,
    async create(context, native, write) {
      const created = await events.create(context, native, write);
      await afterwards(() => invite(context, created.id, idsOf(write.input)));
      return created;
    },
    async update(context, id, native, write) {
      const { input, current } = write;
      const isSent = current === null || Object.keys(native).length > 0;
      const updated = isSent ? await events.update(context, id, native, write) : null;
      if (current === null || input.contactIds === undefined) return updated;
      const wanted = idsOf(input);
      const people = participantsIn(current).filter(({ personId }) => readText(personId) !== null);
      const missing = wanted.filter((one) => !people.some(({ personId }) => personId === one));
      const surplus = people.filter(({ personId }) => !wanted.includes(String(personId)));
      await afterwards(async () => {
        await invite(context, id, missing);
        for (const { id: participant } of surplus) await dismiss(context, String(participant));
      });
      return updated;
    },
  };
}

const idsOf = ({ contactIds }: MeetingInput) => [...new Set(contactIds ?? [])];

async function invite(context: ProviderContext, calendarEventId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const people = await inChunks(ids, RECORDS_MAX, (some) =>
    allRecords(context, "people", { filters: [idIn("id", some)] }),
  );
  const json = decoding(() =>
    people.map(flat).map((person) => ({
      calendarEventId,
      personId: person["id"],
      handle: readText(person["emails.primaryEmail"]) ?? emailsOf(person)[0] ?? "",
      displayName: nameOf(person),
      responseStatus: "NEEDS_ACTION",
    })),
  );
  const request = { method: "POST", path: `/rest/batch/${PARTICIPANTS}`, json } as const;
  await sendWrite(context, request, { status: [200, 201], body: writtenBatch });
}

async function dismiss(context: ProviderContext, id: string): Promise<void> {
  await absentIfNotFound(() => recordWrites(PARTICIPANTS).delete(context, id));
}
