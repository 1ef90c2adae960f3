import type { FastifyInstance } from "fastify";
import type { CloseAccount } from "./account.js";
import { createContact, updateContact } from "./contact-writes.js";
import { methodNotAllowed, noSuchRecord } from "./errors.js";
import { createLead, updateLead } from "./lead-writes.js";
import { MEETINGS } from "./meetings.js";
import { accountOf, bodyOf, fieldsOf, idOf, overriddenQuery, pageOf, queryOf, type Parameters } from "./request.js";
import type { ContactRow, LeadRow } from "./rows.js";
import { search } from "./search.js";
import { contactView, leadView, selected, type Wire } from "./views.js";

/** The differences between contacts, leads and meetings. */
export interface RecordKind<Row> {
  readonly path: string;
  readonly model: string;
  list(account: CloseAccount, parameters: Parameters): readonly Row[];
  get(account: CloseAccount, id: string): Row | null;
  /** Absent if the API creates no such records. */
  create?(account: CloseAccount, body: Wire): Row;
  update(account: CloseAccount, row: Row, body: Wire): Row;
  remove(account: CloseAccount, row: Row): void;
  view(account: CloseAccount, row: Row): Wire;
}

const CONTACTS: RecordKind<ContactRow> = {
  path: "/api/v1/contact/",
  model: "Contact",
  list: ({ contacts }, { lead_id: leadId }) =>
    newestFirst(contacts.all().filter((row) => leadId === undefined || row.leadId === leadId)),
  get: ({ contacts }, id) => contacts.get(id),
  create: createContact,
  update: updateContact,
  remove: (account, row) => account.removeContact(row),
  view: contactView,
};

const LEADS: RecordKind<LeadRow> = {
  path: "/api/v1/lead/",
  model: "Lead",
  list: ({ leads }) => newestFirst(leads.all()),
  get: ({ leads }, id) => leads.get(id),
  create: createLead,
  update: updateLead,
  remove: (account, row) => account.removeLead(row),
  view: leadView,
};

export function addRecordRoutes(app: FastifyInstance): void {
  addRoutesOf(app, CONTACTS);
  addRoutesOf(app, LEADS);
  addRoutesOf(app, MEETINGS);
  app.post("/api/v1/data/search/", (request) => search(accountOf(request), request.body));
}

function newestFirst<Row extends { created: number }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((one, other) => other.created - one.created);
}

function addRoutesOf<Row>(app: FastifyInstance, kind: RecordKind<Row>): void {
  function list(account: CloseAccount, parameters: Parameters) {
    const { rows, hasMore } = pageOf(kind.list(account, parameters), parameters);
    const fields = fieldsOf(parameters);
    return { data: rows.map((row) => selected(kind.view(account, row), fields)), has_more: hasMore };
  }

  function found(account: CloseAccount, id: string): Row {
    const row = kind.get(account, id);
    if (!row) throw noSuchRecord(kind.model);
    return row;
  }

  app.get(kind.path, (request) => list(accountOf(request), queryOf(request)));
  app.post(kind.path, (request) => {
    const account = accountOf(request);
    const parameters = overriddenQuery(request);
    if (parameters) return list(account, parameters);
    if (!kind.create) throw methodNotAllowed();
    return kind.view(account, kind.create(account, bodyOf(request)));
  });
  app.get(`${kind.path}:id/`, (request) => {
    const account = accountOf(request);
    return selected(kind.view(account, found(account, idOf(request))), fieldsOf(queryOf(request)));
  });
  app.put(`${kind.path}:id/`, (request) => {
    const account = accountOf(request);
    return kind.view(account, kind.update(account, found(account, idOf(request)), bodyOf(request)));
  });
  app.delete(`${kind.path}:id/`, (request) => {
    const account = accountOf(request);
    kind.remove(account, found(account, idOf(request)));
    return {};
  });
}
