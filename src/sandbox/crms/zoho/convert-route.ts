import type { FastifyInstance } from "fastify";
import { pathParameter } from "../../kit/request.js";
import { accountOf, bodyRecords } from "./request.js";
import { RecordFault } from "./errors.js";
import { nameOf } from "./record-view.js";
import { createRecord, liveRow } from "./record-writes.js";

const COPIED = ["First_Name", "Last_Name", "Email", "Phone", "Mobile", "Lead_Source", "Description", "Owner"];

/** Adds POST /Leads/{id}/actions/convert, which converts a lead into a contact, with an account for the company. */
export function addConvertRoute(app: FastifyInstance, path: string): void {
  app.post(`${path}/Leads/:id/actions/convert`, (request) => {
    const account = accountOf(request);
    const leads = account.module("Leads")!;
    bodyRecords(request);
    const lead = liveRow(leads, pathParameter(request, "id"));
    if (lead.values["Converted__s"] === true) {
      throw new RecordFault("CANNOT_PERFORM_ACTION", "the record has been converted already");
    }
    const company = lead.values["Company"];
    const firm =
      company === undefined ? null : createRecord(account, account.module("Accounts")!, { Account_Name: company }).row;
    const copied = Object.fromEntries(COPIED.map((name) => [name, lead.values[name] ?? null]));
    const body = { ...copied, Account_Name: firm && { id: firm.id } };
    const contact = createRecord(account, account.module("Contacts")!, body).row;
    leads.table.set(lead.id, {
      ...lead,
      values: {
        ...lead.values,
        Converted__s: true,
        Converted_Date_Time: contact.createdAt,
        Converted_Contact: contact.id,
        ...(firm && { Converted_Account: firm.id }),
      },
    });
    const details = {
      Contacts: { id: contact.id, name: nameOf(contact) },
      Accounts: firm && { id: firm.id, name: nameOf(firm) },
      Deals: null,
    };
    return {
      data: [{ code: "SUCCESS", details, message: "The record has been converted successfully", status: "success" }],
    };
  });
}
