import { odoo } from "../../../src/providers/crm/odoo/index.js";
import { odoo19Sandbox, odooSandbox } from "../../../src/sandbox/crms/odoo/index.js";
import type { RecordedRequest } from "../stage/recording-proxy.js";
import { refusal, type ContractSubject, type Fresh, type NativeClient } from "../subject.js";
import { contact } from "./contact.js";
import { lead } from "./lead.js";
import { meeting } from "./meeting.js";
import { openOdoo } from "./native-client.js";
import { withoutMobile } from "./odoo19.js";

const MODELS = { contact: "res.partner", lead: "crm.lead", meeting: "calendar.event" } as const;
const rpcError = (name: string, message: string, args: readonly unknown[] = [message]) =>
  refusal(200, {
    jsonrpc: "2.0",
    id: 1,
    error: { code: 200, message: "Odoo Server Error", data: { name, message, arguments: args } },
  });

/** Odoo 17, which the adapter calls over JSON-RPC. */
export const odooSubject: ContractSubject = {
  provider: odoo,
  sandbox: odooSandbox,
  oauthClient: null,
  openNative: openOdoo,
  async prepare(client) {
    // The seed's leads have a customer only once they are converted.
    const contacts = [...(await client.all("contact")).keys()];
    for (const [index, contactId] of contacts.slice(0, 3).entries()) {
      await client.create("lead", { name: `With a customer ${index}`, type: "lead", partner_id: Number(contactId) });
    }
  },
  absentId: (_resource, index) => String(9_000_000 + index),
  // Odoo creates its databases with the collation C.
  collate: (one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)),
  isEmpty: (native) => native === false || native === undefined || (Array.isArray(native) && native.length === 0),
  requestedFields(request, resource) {
    const { model, method, kwargs } = callIn(request);
    return model === MODELS[resource] && method === "search_read" ? (kwargs as { fields: string[] }).fields : null;
  },
  kindOf(request) {
    const { model, method } = callIn(request);
    return `${request.method} ${request.url} ${model === undefined ? "login" : `${String(model)}.${String(method)}`}`;
  },
  isWrite: (request) => ["create", "write", "unlink"].includes(String(callIn(request).method)),
  wrongCredentials: (good) => ({ ...good, apiKey: "forged-key-0123456789" }),
  faultCodes: {},
  times: {
    precisionMs: 1000,
    allDay: true,
    native: (start, end, isAllDay) =>
      isAllDay
        ? {
            allday: true,
            start_date: start.toISOString().slice(0, 10),
            stop_date: new Date(end.getTime() - 1).toISOString().slice(0, 10),
          }
        : { allday: false, start: stamp(start), stop: stamp(end) },
  },
  // A field of the type float is a column of double precision.
  longNumbers: "ROUNDED",
  hidden: [
    ...["invoice", "delivery"].map((type) => ({
      resource: "contact" as const,
      what: `an address for ${type}`,
      byId: true,
      make: (client: NativeClient, { companies }: Fresh) =>
        client.create("contact", { type, parent_id: Number(companies[0]), city: "Bonn" }),
    })),
    {
      resource: "contact",
      what: "an archived contact",
      byId: true,
      make: (client, { unique }) => client.create("contact", { name: `Archived ${unique()}`, active: false }),
    },
    {
      resource: "meeting",
      what: "an archived meeting",
      byId: true,
      make: (client, { unique }) =>
        client.create("meeting", {
          name: `Archived ${unique()}`,
          active: false,
          start: "2026-06-10 09:00:00",
          stop: "2026-06-10 10:00:00",
        }),
    },
  ],
  refusals: [
    {
      kind: "a database server that is away is down, not the caller’s fault",
      answer: rpcError("psycopg2.OperationalError", 'connection to server at "db" (10.0.0.5), port 5432 failed'),
      code: "PROVIDER_UNAVAILABLE",
      retryable: true,
      hides: /10\.0\.0\.5/,
    },
    {
      kind: "a database that does not exist is not down",
      answer: rpcError("psycopg2.OperationalError", 'FATAL:  database "gone" does not exist'),
      code: "PROVIDER_AUTH_FAILED",
      retryable: false,
    },
    {
      kind: "a RedirectWarning says its text for people, without the dictionary of its action",
      answer: rpcError(
        "odoo.exceptions.RedirectWarning",
        "('Set a <b>region</b> first.', 42, 'Go', {'active_id': 7})",
        ["Set a <b>region</b> first.", 42, "Go", { active_id: 7 }],
      ),
      code: "INVALID_INPUT",
      retryable: false,
      says: /Odoo: Set a region first\./,
      hides: /active_id|<b>/,
    },
    {
      kind: "an exception of Python is no passing fault",
      answer: rpcError("builtins.ValueError", "Invalid field 'x' on model 'res.partner'"),
      code: "PROVIDER_ERROR",
      retryable: false,
    },
  ],
  // The clock counts on in duration_tracking.
  inverseFields: [
    "application_statistics",
    "child_ids",
    "calendar_event_ids",
    "duration_tracking",
    "meeting_count",
    "meeting_ids",
    "message_ids",
    "opportunity_count",
  ],
  resources: { contact, lead, meeting },
};

/** Odoo 19, which the adapter calls over JSON-2. */
export const odoo19Subject: ContractSubject = {
  ...odooSubject,
  sandbox: odoo19Sandbox,
  // JSON-2 has no envelope: a search that finds nothing answers a list without items.
  meansNothingThere: (request, { status, text }) =>
    status === 200 && text === "[]" && callIn(request).method === "search_read",
  mobilePhone: { number: "+49 151 5550000" },
  resources: { contact: withoutMobile("contact", contact), lead: withoutMobile("lead", lead), meeting },
};

/** The model's method that a request calls. A login calls none. */
function callIn({ url, body }: RecordedRequest) {
  const [, json2Model, json2Method] = /^\/json\/2\/([^/]+)\/([^/]+)$/.exec(url) ?? [];
  if (json2Model) return { model: json2Model, method: json2Method, kwargs: JSON.parse(body) as object };
  const { params } = JSON.parse(body) as { params: { method: string; args: unknown[] } };
  const [, , , model, method, , kwargs] = params.method === "execute_kw" ? params.args : [];
  return { model, method, kwargs };
}

function stamp(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace("T", " ");
}
