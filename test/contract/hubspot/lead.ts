import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { exactly, instantOf, same, since, textOf, until } from "../stage/truth.js";
import type { FilterTruth, Fresh, ResourceSubject, WriteCase } from "../subject.js";
import { CUSTOM_FIELDS, MALFORMED_IDS, MISSING_IDS, ownFieldsOf } from "./shared.js";
import { hasAllWords } from "./words.js";

const STATUSES: Readonly<Record<string, string>> = {
  "new-stage-id": "NEW",
  "attempting-stage-id": "WORKING",
  "connected-stage-id": "WORKING",
  "qualified-stage-id": "QUALIFIED",
  "unqualified-stage-id": "UNQUALIFIED",
};

const statusOf = ({ hs_pipeline_stage: stage }: NativeRecord) =>
  textOf(stage) === null ? null : (STATUSES[stage as string] ?? "OTHER");

const search: FilterTruth = {
  values: () => ["Renewal", "renewal müller", "nothing of the kind"],
  passes(native, value: string) {
    const searched = ["hs_lead_name", "hs_associated_contact_email", "hs_associated_contact_lastname"];
    const texts = searched.map((name) => (textOf(native[name]) ?? "").toLowerCase());
    const words = value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    return words.every((word) => texts.some((text) => text.includes(word)));
  },
};

export const lead: ResourceSubject = {
  fields: {
    subject: same("hs_lead_name"),
    status: { native: ["hs_pipeline_stage"], of: statusOf },
    rawStatus: same("hs_pipeline_stage"),
    rating: { native: ["hs_lead_label"], of: ({ hs_lead_label: label }) => textOf(label) },
    rawRating: same("hs_lead_label"),
    isConverted: { native: [], of: () => false },
    ...ownFieldsOf(),
  },
  filters: {
    name: {
      values: () => ["Renewal", "pilot PROJECT", "project pilot", "Renew", "no such lead"],
      passes: (native, value: string) => hasAllWords(native["hs_lead_name"], value),
    },
    search,
    ownerId: exactly("lead", "hubspot_owner_id", ["1"]),
    status: {
      values: () => ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"],
      passes: (native, value: string) => statusOf(native) === value,
    },
    createdSince: since("lead", (native) => instantOf(native["hs_createdate"])),
    createdUntil: until("lead", (native) => instantOf(native["hs_createdate"])),
    updatedSince: since("lead", (native) => instantOf(native["hs_lastmodifieddate"])),
    updatedUntil: until("lead", (native) => instantOf(native["hs_lastmodifieddate"])),
  },
  orders: {
    CREATED_AT: (native) => instantOf(native["hs_createdate"]),
    UPDATED_AT: (native) => instantOf(native["hs_lastmodifieddate"]),
    NAME: (native) => textOf(native["hs_lead_name"])?.toLowerCase() ?? null,
  },
  edges: ["contact"],
  required: ["input.subject", "input.contactId"],
  minimal: ({ unique, contacts }) => ({ subject: `Lead ${unique()}`, contactId: contacts[0] }),
  full,
  variants,
  createOnly: ["contactId"],
  // A new lead is in the first stage of its pipeline.
  notCleared: { subject: "REFUSED", status: { status: null } },
  refused: () => [
    { input: { status: "CONVERTED" }, errors: ["input.status"] },
    { input: { status: "NEW", rawStatus: "new-stage-id" }, errors: ["input.rawStatus"] },
    { input: { rating: "OTHER" }, errors: ["input.rating"] },
    { input: { firstName: "Ann", emails: [{ address: "a@b.example" }] }, errors: ["input.firstName", "input.emails"] },
  ],
  textInputs: ["subject"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["hs_lead_name", "hs_object_id", "hubspot_owner_id"],
  standard: {
    fields: [
      {
        key: "hs_lead_type",
        label: "Lead Type",
        type: "SELECT",
        value: "NEW BUSINESS",
        native: "NEW BUSINESS",
        optionLabels: ["New business"],
      },
      // Pipelines have their names elsewhere.
      { key: "hs_pipeline", label: "Pipeline", type: "SELECT", value: "lead-pipeline-id", native: "lead-pipeline-id" },
    ],
    readOnly: ["hs_lead_source", "hs_associated_company_name"],
    inModel: { hs_pipeline_stage: "status", hs_lead_label: "rating", hs_primary_contact_id: "contact" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, contacts, owners }: Fresh): WriteCase {
  const subject = `Licence for “${unique()}” – Café`;
  return written({
    input: { subject, contactId: contacts[1], status: "WORKING", rating: "WARM", ownerId: owners[0] },
    reads: {
      rawStatus: "attempting-stage-id",
      rawRating: "WARM",
    },
    native: {
      hs_lead_name: subject,
      hs_pipeline_stage: "attempting-stage-id",
      hs_lead_label: "WARM",
      hubspot_owner_id: owners[0],
    },
  });
}

function variants({ owners }: Fresh): WriteCase[] {
  return [
    ...(["NEW", "QUALIFIED", "UNQUALIFIED"] as const).map((status) => ({
      input: { status },
      reads: { status },
      native: { hs_pipeline_stage: `${status.toLowerCase()}-stage-id` },
    })),
    {
      input: { rawStatus: "connected-stage-id" },
      reads: { status: "WORKING", rawStatus: "connected-stage-id" },
      native: { hs_pipeline_stage: "connected-stage-id" },
    },
    ...(["HOT", "COLD"] as const).map((rating) => ({
      input: { rating },
      reads: { rating, rawRating: rating },
      native: { hs_lead_label: rating },
    })),
    { input: { ownerId: owners[1] }, reads: { owner: { id: owners[1] } }, native: { hubspot_owner_id: owners[1] } },
  ];
}
