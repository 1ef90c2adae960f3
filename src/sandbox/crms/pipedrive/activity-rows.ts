import type { SeedMeeting, SeedPerson } from "../../kit/seed.js";
import { type PipedriveAccount, type Row, stamp } from "./account.js";

const DAY_MS = 86_400_000;

/** The records that a meeting refers to. */
export interface Related {
  index: number;
  people: readonly SeedPerson[];
  personIds: readonly number[];
  leadIds: readonly string[];
}

const RESPONSES = ["accepted", "declined", "tentative", "needsAction"];

/** A meeting of the seed as an activity. */
export function meetingRow(account: PipedriveAccount, id: number, meeting: SeedMeeting, related: Related): Row {
  const { index, people, personIds, leadIds } = related;
  const { start, end, allDay, location, videoUrl, notes, description, status } = meeting;
  const days = (end - start) / DAY_MS;
  const owner = account.users[meeting.owner]!;
  const guests = meeting.people.flatMap((person, place) => {
    const { emails, fullName: name } = people[person]!;
    const [email] = emails;
    const status = RESPONSES[(index + place) % RESPONSES.length];
    if (email === undefined) return [];
    return [{ email, name, status, is_organizer: false, person_id: personIds[person], user_id: null }];
  });
  const stranger = { email: `guest${index}@elsewhere.example`, name: `Guest ${index}`, status: "tentative" };
  const { email, name, id: user_id } = owner;
  const attendees = [
    { email, name, status: "accepted", is_organizer: true, person_id: null, user_id },
    ...guests,
    { ...stranger, is_organizer: false, person_id: null, user_id: null },
  ];
  return {
    ...emptyActivity(account, id, owner.id, meeting),
    subject: meeting.title,
    type: "meeting",
    due_date: stamp(start).slice(0, 10),
    due_time: allDay ? null : stamp(start).slice(11, 19),
    duration: allDay && days === 1 ? null : clock((end - start) / 1000),
    done: status === "completed",
    location: location === null ? null : { value: location, locality: null, country: null },
    note: notes === null ? null : `<p>${notes}</p>`,
    public_description: description,
    lead_id: meeting.lead === null ? null : leadIds[meeting.lead]!,
    person_id: meeting.people.length === 0 ? null : personIds[meeting.people[0]!]!,
    // Some companies get replies from a calendar, which stand beside the people.
    participants: meeting.people.map((person, place) => ({
      person_id: personIds[person],
      primary: place === 0,
      status: index % 3 === 1 ? RESPONSES[(index + place + 1) % RESPONSES.length] : null,
      is_organizer: index % 3 === 1 && place === 1,
    })),
    attendees: index % 3 === 0 ? attendees : [],
    ...(videoUrl === null
      ? {}
      : { conference_meeting_client: "zoom", conference_meeting_url: videoUrl, conference_meeting_id: String(index) }),
  };
}

/** Adds activities of other types, and a meeting without a date. */
export function addOtherActivities(account: PipedriveAccount, index: number, times: SeedMeeting): void {
  const due = { due_date: stamp(times.start).slice(0, 10), due_time: "10:00:00", duration: "00:15:00" };
  const others = [
    { type: "call", subject: `Call ${index}`, ...due },
    { type: "task", subject: `Task ${index}`, ...due },
    { type: "meeting", subject: `Undated ${index}` },
  ];
  for (const other of others) {
    const id = account.newId();
    account.activities.seed(String(id), { ...emptyActivity(account, id, account.me.id, times), ...other });
  }
}

/** An activity without values. */
export function emptyActivity(
  account: PipedriveAccount,
  id: number,
  owner: number,
  { createdAt, updatedAt }: { createdAt: number; updatedAt: number },
): Row {
  return {
    id,
    subject: "Call",
    type: "call",
    owner_id: owner,
    creator_user_id: account.me.id,
    is_deleted: false,
    add_time: stamp(createdAt),
    update_time: stamp(updatedAt),
    deal_id: null,
    lead_id: null,
    person_id: null,
    org_id: null,
    project_id: null,
    due_date: null,
    due_time: null,
    duration: null,
    busy: true,
    done: false,
    marked_as_done_time: null,
    location: null,
    participants: [],
    attendees: [],
    conference_meeting_client: null,
    conference_meeting_url: null,
    conference_meeting_id: null,
    public_description: null,
    priority: null,
    note: null,
  };
}

/** Writes seconds as HH:MM:SS. Days are written as hours. */
export function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
