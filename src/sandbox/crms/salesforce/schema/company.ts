import { READ_ONLY, REQUIRED, email, field, flag, idField, phone, reference, systemFields, text } from "./field.js";
import { toLongId } from "../ids.js";
import { objectSchema } from "./object.js";

const readOnlyObject = { createable: false, updateable: false, deletable: false, searchable: false };
const readText = (name: string, label: string, length: number) => text(name, label, length, READ_ONLY);

export const Account = objectSchema({
  name: "Account",
  keyPrefix: "001",
  fields: [
    idField("Account ID"),
    text("Name", "Account Name", 255, REQUIRED),
    phone("Phone", "Account Phone"),
    field("url", "Website", "Website", { length: 255 }),
    reference("OwnerId", "Owner ID", ["User"], { ...REQUIRED, defaultedOnCreate: true }),
    ...systemFields(),
  ],
  children: [{ name: "Contacts", type: "Contact", field: "AccountId" }],
  // Deleting an account would also delete its contacts. The sandbox does not imitate this.
  deletable: false,
});

export const User = objectSchema({
  ...readOnlyObject,
  name: "User",
  keyPrefix: "005",
  fields: [
    idField("User ID"),
    readText("Username", "Username", 80),
    readText("FirstName", "First Name", 40),
    readText("LastName", "Last Name", 80),
    readText("Name", "Full Name", 121),
    email("Email", "Email", READ_ONLY),
    readText("TimeZoneSidKey", "Time Zone", 40),
    readText("Title", "Title", 80),
    flag("IsActive", "Active", READ_ONLY),
    ...systemFields(),
  ],
});

/** Queues, which own leads that no user has taken yet. */
export const Group = objectSchema({
  ...readOnlyObject,
  name: "Group",
  keyPrefix: "00G",
  fields: [
    idField("Group ID"),
    readText("Name", "Name", 40),
    email("Email", "Email", READ_ONLY),
    readText("Type", "Type", 40),
    ...systemFields(),
  ],
});

/** Kinds of records that an administrator has made, with an id that is the same in all imitated orgs. */
export const RECORD_TYPES = [
  { Id: toLongId("0125g000000Cust")!, Name: "Customer", DeveloperName: "Customer" },
  { Id: toLongId("0125g000000Part")!, Name: "Partner (reseller)", DeveloperName: "Partner" },
] as const;

export const RecordType = objectSchema({
  ...readOnlyObject,
  name: "RecordType",
  label: "Record Type",
  keyPrefix: "012",
  fields: [
    idField("Record Type ID"),
    readText("Name", "Name", 80),
    readText("DeveloperName", "Record Type Name", 80),
    readText("SobjectType", "SObject Type Name", 40),
    flag("IsActive", "Active", READ_ONLY),
    ...systemFields(),
  ],
});

export const LeadStatus = objectSchema({
  ...readOnlyObject,
  name: "LeadStatus",
  label: "Lead Status Value",
  labelPlural: "Lead Status Value",
  keyPrefix: "01J",
  fields: [
    idField("Lead Status Value ID"),
    readText("ApiName", "API Name", 255),
    readText("MasterLabel", "Master Label", 255),
    field("int", "SortOrder", "Sort Order", READ_ONLY),
    flag("IsDefault", "Is Default", READ_ONLY),
    flag("IsConverted", "Is Converted", READ_ONLY),
    ...systemFields(),
  ],
});
