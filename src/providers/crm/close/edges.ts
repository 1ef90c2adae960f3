import { decoding } from "../../../upstream/answer-body.js";
import type { ResourceAdapter } from "../../contract/contract.js";
import { allPages } from "../../kit/adapter-kit.js";
import { edgesOfMany } from "../../kit/edges.js";
import { contactIdsOf, meetingMap } from "./meeting-map.js";
import { PAGE_MAX } from "./paging.js";
import { meetingPage } from "./records.js";

/**
 * A contact's meetings. Close lists meetings by lead and not by contact, so the leads of the contacts are read first.
 * @param contacts reads the contacts with their leads
 */
export const contactMeetings = (contacts: ResourceAdapter<"contact">["get"]) =>
  edgesOfMany({ batchSize: 50, isId: () => true }, async (context, ids) => {
    const found = await contacts(context, ids, new Set(["leads"]));
    const leads = new Set([...found.values()].flatMap(({ links }) => links.leads ?? []));
    if (leads.size === 0) return [];
    const fields = [...meetingMap.identity, "contact_id", "attendees"];
    const ofLeads = { lead_id: [...leads].join(",") };
    const meetings = await allPages((cursor) =>
      meetingPage(context, ofLeads, fields, { order: null, limit: PAGE_MAX, cursor }),
    );
    return decoding(() =>
      meetings.flatMap((meeting) => contactIdsOf(meeting).map((id) => [id, String(meeting["id"])] as const)),
    );
  });
