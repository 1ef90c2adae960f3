import { expect } from "@jest/globals";
import { written } from "../samples.js";
import { same, since, textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import * as shared from "./shared.js";

export const lead: ResourceSubject = {
  fields: {
    subject: same("title"),
    companyName: { native: ["organization_id"], of: ({ $organization: name }) => name },
    source: same("source_name"),
    value: {
      native: ["value"],
      of: ({ value }) =>
        value && {
          amount: String((value as { amount: number }).amount),
          currency: (value as { currency: string }).currency,
        },
    },
    isConverted: { native: [], of: () => false },
    tags: shared.tags,
    ...shared.ownFieldsOf(),
    url: { native: [], of: ({ id }, world) => `${world.origin}/leads/inbox/${String(id)}` },
  },
  filters: {
    search: {
      values: () => ["Renewal", "pilot PROJECT 3", "Lead note", "nothing of the kind"],
      passes(native, value: string) {
        const own = Object.entries(native).filter(([name]) => /^[0-9a-f]{40}$/.test(name));
        const texts = [native["title"], ...own.map(([, text]) => text)];
        return texts.some((text) => (textOf(text) ?? "").toLowerCase().includes(value.trim().toLowerCase()));
      },
    },
    ownerId: shared.ownedBy("lead"),
    updatedSince: since("lead", shared.updated),
  },
  orders: {
    CREATED_AT: shared.created,
    UPDATED_AT: shared.updated,
    NAME: (native) => textOf(native["title"])?.toLowerCase() ?? null,
  },
  edges: ["contact"],
  readSingly: true,
  required: ["input.subject", "input.contactId"],
  minimal: ({ unique, contacts }) => ({ subject: `Lead ${unique()}`, contactId: contacts[0] }),
  full,
  variants,
  createOnly: [],
  notCleared: { subject: "REFUSED", contactId: "REFUSED", ownerId: "REFUSED" },
  refused: () => [
    { input: { value: { amount: "12345678901234567.89", currency: "EUR" } }, errors: ["input.value.amount"] },
    { input: { status: "NEW", companyName: "Acme" }, errors: ["input.status", "input.companyName"] },
    { input: { firstName: "Ann", emails: [{ address: "a@b.example" }] }, errors: ["input.firstName", "input.emails"] },
  ],
  textInputs: ["subject"],
  custom: shared.customFields("lead"),
  standardKeys: ["title", "person_id", "label_ids"],
  standard: {
    fields: [
      {
        key: "visible_to",
        label: "Visible to",
        type: "SELECT",
        value: "Item owner",
        native: "1",
        optionLabels: ["Item owner"],
      },
      {
        key: "expected_close_date",
        label: "Expected close date",
        type: "DATE",
        value: "2026-12-31",
        native: "2026-12-31",
      },
      { key: "channel_id", label: "Source channel ID", type: "TEXT", value: "fair-7", native: "fair-7" },
    ],
    readOnly: ["next_activity_id"],
    inModel: { title: "subject", person_id: "contactId", value: "value", source_name: "source" },
  },
  missingIds: shared.MISSING_LEADS,
  malformedIds: shared.MALFORMED_LEADS,
};

function full({ unique, contacts, owners }: Fresh): WriteCase {
  const subject = `Licence for “${unique()}” – Café`;
  return written({
    input: {
      subject,
      contactId: contacts[1],
      value: { amount: "3000.50", currency: "EUR" },
      tags: ["hot", "Warm"],
      ownerId: owners[1],
    },
    reads: {
      value: { amount: "3000.5", currency: "EUR" },
      tags: ["Hot", "Warm"],
      source: "API",
    },
    native: {
      title: subject,
      person_id: Number(contacts[1]),
      value: { amount: 3000.5, currency: "EUR" },
      label_ids: [expect.any(String), expect.any(String)],
      owner_id: Number(owners[1]),
    },
  });
}

function variants({ contacts, owners }: Fresh): WriteCase[] {
  return [
    {
      input: { contactId: contacts[2] },
      reads: {},
      native: { person_id: Number(contacts[2]) },
      links: { contact: [contacts[2]!] },
    },
    { input: { tags: ["Cold"] }, reads: { tags: ["Cold"] }, native: {} },
    {
      input: { value: { amount: "0.1", currency: "USD" } },
      reads: { value: { amount: "0.1", currency: "USD" } },
      native: { value: { amount: 0.1, currency: "USD" } },
    },
    { input: { ownerId: owners[2] }, reads: { owner: { id: owners[2] } }, native: { owner_id: Number(owners[2]) } },
  ];
}
