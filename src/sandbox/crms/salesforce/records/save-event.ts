import type { Org, Row } from "../org.js";
import { Event } from "../schema/activities.js";
import type { Changes } from "./changes.js";
import { checkRecord } from "./checks.js";
import { accountOf, checkWhoIds, relateWhoIds, updateChildEvents, wantedWhoIds, whoIdsOf } from "./event-people.js";
import { settleEventTimes } from "./event-times.js";
import { changeRow, insertRow } from "./insert.js";
import { refreshLastActivity } from "./last-activity.js";

/** Saves a new or a changed event with the records that follow from it; returns its id. */
export function saveEvent(org: Org, before: Row | null, changes: Changes): string {
  const times = settleEventTimes(before ?? {}, changes.values);
  const whoIdsBefore = before ? whoIdsOf(org, before) : [];
  const whoIds = wantedWhoIds(whoIdsBefore, changes.values.WhoId, changes.eventWhoIds);
  const whoId = whoIds[0] ?? null;
  const whatId = changes.values.WhatId === undefined ? (before?.WhatId ?? null) : changes.values.WhatId;
  const values = {
    ...changes.values,
    ...times,
    WhoId: whoId,
    AccountId: accountOf(org, whatId, whoId),
  };
  checkRecord(org, Event, { ...before, ...values }, [...Object.keys(changes.values), "WhoId"]);
  checkWhoIds(org, whoIds);

  const event = before
    ? changeRow(org, Event, before, values)
    : insertRow(org, Event, { EventSubtype: "Event", ...values });
  const id = String(event.Id);
  relateWhoIds(org, id, whoIds);
  updateChildEvents(org, event);
  refreshLastActivity(org, new Set([...whoIdsBefore, ...whoIds]));
  return id;
}
