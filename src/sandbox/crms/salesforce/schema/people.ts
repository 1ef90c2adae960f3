import {
  READ_ONLY,
  REQUIRED,
  address,
  customFields,
  email,
  field,
  flag,
  idField,
  longText,
  phone,
  picklist,
  reference,
  systemFields,
  text,
} from "./field.js";
import { type ChildRelation, objectSchema } from "./object.js";

const SALUTATIONS = ["Mr.", "Ms.", "Mrs.", "Dr.", "Prof."];
const LEAD_SOURCES = ["Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"];

const ACTIVITIES: readonly ChildRelation[] = [
  { name: "Events", type: "Event", field: "WhoId" },
  { name: "EventRelations", type: "EventRelation", field: "RelationId" },
];

export const LEAD_STATUSES = [
  { name: "Open - Not Contacted", isDefault: true, isConverted: false },
  { name: "Working - Contacted", isDefault: false, isConverted: false },
  { name: "Closed - Converted", isDefault: false, isConverted: true },
  { name: "Closed - Not Converted", isDefault: false, isConverted: false },
] as const;

const nameFields = [
  picklist("Salutation", "Salutation", SALUTATIONS, { length: 40 }),
  text("FirstName", "First Name", 40),
  text("LastName", "Last Name", 80, REQUIRED),
  text("Name", "Full Name", 121, { ...READ_ONLY, ...REQUIRED }),
];

export const Contact = objectSchema({
  name: "Contact",
  keyPrefix: "003",
  fields: [
    idField("Contact ID"),
    reference("AccountId", "Account ID", ["Account"]),
    ...nameFields,
    email("Email", "Email"),
    phone("Phone", "Business Phone"),
    phone("MobilePhone", "Mobile Phone"),
    phone("HomePhone", "Home Phone"),
    phone("OtherPhone", "Other Phone"),
    phone("AssistantPhone", "Asst. Phone"),
    phone("Fax", "Business Fax"),
    text("Title", "Title", 128),
    text("Department", "Department", 80),
    ...address("Mailing"),
    ...address("Other"),
    picklist("LeadSource", "Lead Source", LEAD_SOURCES),
    longText("Description", "Contact Description"),
    flag("DoNotCall", "Do Not Call"),
    flag("HasOptedOutOfEmail", "Email Opt Out"),
    field("date", "Birthdate", "Birthdate"),
    reference("RecordTypeId", "Record Type ID", ["RecordType"], { defaultedOnCreate: true }),
    reference("ReportsToId", "Reports To ID", ["Contact"]),
    reference("OwnerId", "Owner ID", ["User"], { ...REQUIRED, defaultedOnCreate: true }),
    field("date", "LastActivityDate", "Last Activity", READ_ONLY),
    ...systemFields(),
    ...customFields(),
  ],
  children: ACTIVITIES,
});

export const Lead = objectSchema({
  name: "Lead",
  keyPrefix: "00Q",
  fields: [
    idField("Lead ID"),
    ...nameFields,
    text("Company", "Company", 255, REQUIRED),
    text("Title", "Title", 128),
    email("Email", "Email"),
    phone("Phone", "Phone"),
    phone("MobilePhone", "Mobile Phone"),
    phone("Fax", "Fax"),
    field("url", "Website", "Website", { length: 255 }),
    ...address(""),
    picklist("LeadSource", "Lead Source", LEAD_SOURCES),
    picklist(
      "Status",
      "Status",
      LEAD_STATUSES.map((status) => status.name),
      { ...REQUIRED, defaultedOnCreate: true, restrictedPicklist: true },
    ),
    picklist("Rating", "Rating", ["Hot", "Warm", "Cold"]),
    picklist("Industry", "Industry", ["Banking", "Consulting", "Manufacturing", "Technology", "Other"]),
    field("currency", "AnnualRevenue", "Annual Revenue"),
    field("int", "NumberOfEmployees", "Employees"),
    reference("RecordTypeId", "Record Type ID", ["RecordType"], { defaultedOnCreate: true }),
    flag("HasOptedOutOfEmail", "Email Opt Out"),
    longText("Description", "Description"),
    flag("DoNotCall", "Do Not Call"),
    reference("OwnerId", "Owner ID", ["User", "Group"], { ...REQUIRED, defaultedOnCreate: true }),
    flag("IsConverted", "Converted", READ_ONLY),
    field("date", "ConvertedDate", "Converted Date", READ_ONLY),
    reference("ConvertedContactId", "Converted Contact ID", ["Contact"], READ_ONLY),
    reference("ConvertedAccountId", "Converted Account ID", ["Account"], READ_ONLY),
    // Always empty, because this org has no opportunities.
    reference("ConvertedOpportunityId", "Converted Opportunity ID", [], { ...READ_ONLY, relationshipName: null }),
    field("date", "LastActivityDate", "Last Activity", READ_ONLY),
    ...systemFields(),
    ...customFields(),
  ],
  children: ACTIVITIES,
});
