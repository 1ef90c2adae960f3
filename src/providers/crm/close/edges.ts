import type { EdgeLoader, ResourceAdapter } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { allPages } from "../../kit/adapter-kit.js";
import { edgesFrom } from "../../kit/edges.js";
import { contactIdsOf, meetingMap } from "./meeting-map.js";
import { PAGE_MAX } from "./paging.js";
import { meetingPage } from "./records.js";

/**
 * A contact's meetings. Close lists meetings by lead and not by contact, so the leads of the contacts are read first.
 * @param contacts reads the contacts with their leads
 */
export function contactMeetings(contacts: ResourceAdapter<"contact">["get"]): EdgeLoader {
  return {
    batchSize: 50,
    async load(context, ids) {
      const found = await contacts(context, ids, new Set(["leads"]));
      const leads = new Set([...found.values()].flatMap(({ links }) => links.leads ?? []));
      if (leads.size === 0) return new Map();
      const fields = [...meetingMap.identity, "contact_id", "attendees"];
      const ofLeads = { lead_id: [...leads].join(",") };
      const meetings = await allPages((cursor) =>
        meetingPage(context, ofLeads, fields, { order: null, limit: PAGE_MAX, cursor }),
      );
      const asked = (meeting: NativeRecord) => contactIdsOf(meeting).filter((id) => found.has(id));
      return edgesFrom(meetings.flatMap((meeting) => asked(meeting).map((id) => [id, String(meeting["id"])] as const)));
    },
  };
}
