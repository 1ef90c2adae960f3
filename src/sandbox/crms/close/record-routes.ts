import type { FastifyInstance } from "fastify";
import type { CloseAccount } from "./account.js";
import { createContact, updateContact } from "./contact-writes.js";
import { noSuchRecord } from "./errors.js";
import { createLead, updateLead } from "./lead-writes.js";
import { accountOf, bodyOf, fieldsOf, idOf, overriddenQuery, pageOf, queryOf, type Parameters } from "./request.js";
import type { ContactRow, LeadRow } from "./rows.js";
import { search } from "./search.js";
import { contactView, leadView, selected, type Wire } from "./views.js";

/** What contacts and leads are alike in. */
interface RecordKind<Row> {
  readonly path: string;
  readonly model: string;
  all(account: CloseAccount, parameters: Parameters): readonly Row[];
  get(account: CloseAccount, id: string): Row | null;
  create(account: CloseAccount, body: Wire): Row;
  update(account: CloseAccount, row: Row, body: Wire): Row;
  remove(account: CloseAccount, row: Row): void;
  view(account: CloseAccount, row: Row): Wire;
}

const CONTACTS: RecordKind<ContactRow> = {
  path: "/api/v1/contact/",
  model: "Contact",
  all: ({ contacts }, { lead_id: leadId }) =>
    contacts.all().filter((row) => leadId === undefined || row.leadId === leadId),
  get: ({ contacts }, id) => contacts.get(id),
  create: createContact,
  update: updateContact,
  remove: (account, row) => account.removeContact(row),
  view: contactView,
};

const LEADS: RecordKind<LeadRow> = {
  path: "/api/v1/lead/",
  model: "Lead",
  all: ({ leads }) => leads.all(),
  get: ({ leads }, id) => leads.get(id),
  create: createLead,
  update: updateLead,
  remove: (account, row) => account.removeLead(row),
  view: leadView,
};

export function addRecordRoutes(app: FastifyInstance): void {
  addRoutesOf(app, CONTACTS);
  addRoutesOf(app, LEADS);
  app.post("/api/v1/data/search/", (request) => search(accountOf(request), request.body));
}

function addRoutesOf<Row extends { created: number }>(app: FastifyInstance, kind: RecordKind<Row>): void {
  function list(account: CloseAccount, parameters: Parameters) {
    const newestFirst = kind.all(account, parameters).toSorted((one, other) => other.created - one.created);
    const { rows, hasMore } = pageOf(newestFirst, parameters);
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
    return parameters ? list(account, parameters) : kind.view(account, kind.create(account, bodyOf(request)));
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
