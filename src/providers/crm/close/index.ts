import { allPages } from "../../kit/adapter-kit.js";
import { membersOf } from "../../kit/classifier.js";
import type { EdgeLoader, Provider } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { edgesFrom, resourceAdapter } from "../../kit/resource-kit.js";
import { readRecords } from "./api.js";
import { contactMap } from "./contact-map.js";
import { authorize, credentialFields, verify } from "./account.js";
import { customFieldsOf, owners } from "./definitions.js";
import { PROVIDER_NAME } from "./dialect.js";
import { classify, rateLimit } from "./errors.js";
import { PAGE_MAX } from "./paging.js";
import { leadMap } from "./lead-map.js";
import { statusById } from "./lookups.js";
import { contactIdsOf, meetingMap } from "./meeting-map.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { meetingCalls, meetingPage, recordCalls } from "./records.js";

const contact = resourceAdapter({
  map: contactMap,
  calls: recordCalls("contact", /^cont_[A-Za-z0-9]{1,80}$/),
  customFields: customFieldsOf("contact"),
  async complete(context, records, reading) {
    if (!reading.needs("$leadName")) return records;
    const ids = new Set(records.map(({ lead_id: id }) => String(id)));
    const leads = await readRecords(context, "lead", [...ids], ["id", "display_name"]);
    const names = new Map(leads.map(({ id, display_name: name }) => [id, name]));
    return records.map((record) => ({ ...record, $leadName: names.get(record["lead_id"]) }));
  },
  edges: { meetings: { batchSize: 50, load: (context, ids) => loadMeetings(context, ids) } },
});

const lead = resourceAdapter({
  map: leadMap,
  calls: recordCalls("lead", /^lead_[A-Za-z0-9]{1,80}$/),
  customFields: customFieldsOf("lead"),
  prepare: statusById,
});

/** A meeting stands at the lead of its contacts, and can be asked for by that. */
const loadMeetings: EdgeLoader["load"] = async (context, ids) => {
  const contacts = await contact.get(context, ids, new Set(["leads"]));
  const leads = new Set([...contacts.values()].flatMap(({ links }) => links.leads ?? []));
  if (leads.size === 0) return new Map();
  const fields = [...meetingMap.identity, "contact_id", "attendees"];
  const ofLeads = { lead_id: [...leads].join(",") };
  const meetings = await allPages((cursor) =>
    meetingPage(context, ofLeads, fields, { order: null, limit: PAGE_MAX, cursor }),
  );
  const asked = (meeting: NativeRecord) => contactIdsOf(meeting).filter((id) => contacts.has(id));
  return edgesFrom(meetings.flatMap((meeting) => asked(meeting).map((id) => [id, String(meeting["id"])] as const)));
};

/** Close, REST API v1. */
export const close: Provider = {
  slug: "close",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields,
  // Close publishes none: every answer states the one that applies.
  limits: [],
  notes,
  traits: {
    classify,
    countRecords(body) {
      const { data, id } = membersOf(body);
      return Array.isArray(data) ? data.length : id === undefined ? undefined : 1;
    },
    rateRules: [],
    rateLimit,
  },
  origin: (_credentials, override) => override ?? "https://api.close.com",
  authorize,
  verify,
  resources: {
    contact,
    lead,
    meeting: resourceAdapter({ map: meetingMap, calls: meetingCalls }),
  },
  owners,
};
