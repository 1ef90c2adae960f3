import { isNarrow, isWide, wideFields } from "../../kit/account-kinds.js";
import {
  type Column,
  choice,
  custom,
  isLookup,
  lookup,
  of,
  options,
  readOnly,
  shown,
  states,
  texts,
} from "./column.js";

/**
 * The imitated tables of an environment with the Sales app.
 * Source: learn.microsoft.com, Dataverse table reference (contact, appointment, activityparty) and Sales (lead).
 */
export interface Entity {
  name: string;
  set: string;
  key: string;
  columns: Readonly<Record<string, Column>>;
  /** The column whose value a lookup to the record shows. */
  title: string;
  /** Whether the API creates, changes and deletes its records. */
  writable: boolean;
  /** States in which a record cannot be changed. */
  closed: readonly number[];
}

const SOURCES =
  "Advertisement, Employee Referral, External Referral, Partner, Public Relations, Seminar, Trade Show, Web, " +
  "Word of Mouth, Other";

const owned = {
  ...lookup("ownerid", { ownerid: "systemuser|team", owninguser: "systemuser", owningteam: "team" }, "Owner"),
  ...readOnly("DateTime", "createdon", "modifiedon"),
};

const people = {
  ...texts(50, "firstname", "middlename", "lastname"),
  ...texts(100, "jobtitle", "emailaddress1", "emailaddress2", "emailaddress3"),
  ...texts(50, "telephone1", "telephone2", "telephone3", "fax"),
  ...texts(200, "websiteurl"),
  ...readOnly("String", "fullname"),
  ...of("Memo", "description"),
  ...of("Boolean", "donotemail", "donotphone", "donotfax", "donotbulkemail", "donotpostalmail"),
  ...choice("leadsourcecode", ...SOURCES.split(", ")),
};

function addresses(...numbers: number[]) {
  const parts = ["line1", "line2", "line3", "city", "stateorprovince", "postalcode", "country"];
  return texts(250, ...numbers.flatMap((number) => parts.map((part) => `address${number}_${part}`)));
}

const ownColumns = {
  ...custom("new_note", "Note", { type: "String", max: 100 }),
  ...custom("new_score", "Score", { type: "Decimal" }),
  ...custom("new_vip", "VIP", { type: "Boolean" }),
  ...custom("new_renewal", "Renewal", { type: "DateTime", dateOnly: true }),
  ...custom("new_lastcall", "Last call", { type: "DateTime" }),
  ...custom("new_segment", "Segment", {
    type: "Picklist",
    options: options({ 100000000: "Small", 100000001: "Large" }),
  }),
  ...custom("new_interests", "Interests", {
    type: "MultiSelectPicklist",
    options: options({ 1: "Boats", 2: "Trains", 3: "Planes" }),
    isGlobal: true,
  }),
  // A reference, which is not a custom field with a value.
  ...custom("new_referrer", "Referrer", { type: "Lookup", navigation: { new_Referrer: "contact" } }),
};

const contact = entity("contact", "contacts", "fullname", {
  columns: {
    ...people,
    ...owned,
    ...ownColumns,
    ...texts(100, "department"),
    // `company` is a phone number, in spite of its name.
    ...texts(50, "company", "mobilephone"),
    ...addresses(1, 2, 3),
    ...lookup(
      "parentcustomerid",
      { parentcustomerid_account: "account", parentcustomerid_contact: "contact" },
      "Customer",
    ),
    ...lookup("originatingleadid", { originatingleadid: "lead" }),
    ...of("Boolean", "merged"),
    ...shown("birthdate", "Birthday", { type: "DateTime", dateOnly: true }),
    ...shown("numberofchildren", "No. of Children", { type: "Integer" }),
    ...shown("creditonhold", "Credit Hold", { type: "Boolean" }),
    ...shown("preferredcontactmethodcode", "Preferred Method of Contact", {
      type: "Picklist",
      options: options({ 1: "Any", 2: "Email", 3: "Phone", 4: "Fax", 5: "Mail" }),
    }),
    ...shown("creditlimit_base", "Credit Limit (Base)", { type: "Money", readOnly: true }),
    ...states({ Active: { 1: "Active" }, Inactive: { 2: "Inactive" } }),
  },
});

const lead = entity("lead", "leads", "fullname", {
  columns: {
    ...people,
    ...owned,
    ...ownColumns,
    ...texts(300, "subject"),
    ...texts(100, "companyname"),
    ...texts(20, "mobilephone"),
    ...addresses(1, 2),
    ...of("Money", "estimatedamount", "revenue"),
    ...of("Double", "estimatedvalue"),
    ...choice("leadqualitycode", "Hot", "Warm", "Cold"),
    ...lookup("transactioncurrencyid", { transactioncurrencyid: "transactioncurrency" }),
    ...lookup("parentcontactid", { parentcontactid: "contact" }),
    ...lookup("parentaccountid", { parentaccountid: "account" }),
    ...of("Boolean", "merged"),
    ...shown("numberofemployees", "No. of Employees", { type: "Integer" }),
    ...shown("industrycode", "Industry", {
      type: "Picklist",
      options: options({ 1: "Accounting", 2: "Agriculture", 6: "Consulting" }),
    }),
    ...shown("revenue_base", "Annual Revenue (Base)", { type: "Money", readOnly: true }),
    ...states({
      // The organization has added the reason Nurturing.
      Open: { 1: "New", 2: "Contacted", 100000000: "Nurturing" },
      Qualified: { 3: "Qualified" },
      Disqualified: { 4: "Lost", 5: "Cannot Contact", 6: "No Longer Interested", 7: "Canceled" },
    }),
  },
  closed: [1, 2],
});

const appointment = entity("appointment", "appointments", "subject", {
  key: "activityid",
  columns: {
    ...owned,
    ...ownColumns,
    ...texts(200, "subject", "location"),
    ...shown("category", "Category", { type: "String", max: 250 }),
    ...shown("prioritycode", "Priority", {
      type: "Picklist",
      options: options({ 0: "Low", 1: "Normal", 2: "High" }),
    }),
    ...of("Memo", "description"),
    ...of("DateTime", "scheduledstart", "scheduledend", "actualstart", "actualend"),
    ...readOnly("Integer", "scheduleddurationminutes", "instancetypecode"),
    ...of("Boolean", "isalldayevent"),
    ...lookup("regardingobjectid", {
      regardingobjectid_contact_appointment: "contact",
      regardingobjectid_lead_appointment: "lead",
      regardingobjectid_account_appointment: "account",
    }),
    ...states({
      Open: { 1: "Free", 2: "Tentative" },
      Completed: { 3: "Completed" },
      Canceled: { 4: "Canceled" },
      Scheduled: { 5: "Busy", 6: "Out of Office" },
    }),
  },
  closed: [1, 2],
});

/** Participants, which are created and changed together with their activity. */
const activityparty = entity("activityparty", "activityparties", "partyidname", {
  key: "activitypartyid",
  columns: {
    ...of("Integer", "participationtypemask"),
    ...texts(320, "addressused"),
    ...texts(200, "unresolvedpartyname"),
    ...readOnly("String", "partyidname"),
    ...lookup("activityid", { activityid_appointment: "appointment" }),
    ...lookup("partyid", {
      partyid_contact: "contact",
      partyid_lead: "lead",
      partyid_account: "account",
      partyid_systemuser: "systemuser",
    }),
  },
  writable: false,
});

const account = entity("account", "accounts", "name", { columns: { ...texts(160, "name"), ...owned } });

const systemuser = entity("systemuser", "systemusers", "fullname", {
  columns: {
    ...texts(100, "fullname", "internalemailaddress", "firstname", "lastname"),
    ...of("Boolean", "isdisabled"),
  },
  writable: false,
});

const team = entity("team", "teams", "name", { columns: texts(160, "name"), writable: false });

const transactioncurrency = entity("transactioncurrency", "transactioncurrencies", "currencyname", {
  columns: texts(100, "currencyname", "isocurrencycode"),
  writable: false,
});

export const ENTITIES: readonly Entity[] = [
  contact,
  lead,
  appointment,
  activityparty,
  account,
  systemuser,
  team,
  transactioncurrency,
];

const BY_NAME = new Map(ENTITIES.map((one) => [one.name, one]));
const BY_SET = new Map(ENTITIES.map((one) => [one.set, one]));

/** @throws Error for a table that is not imitated: a bug of the sandbox */
export function entityNamed(name: string): Entity {
  const found = BY_NAME.get(name);
  if (!found) throw new Error(`There is no table ${name}.`);
  return found;
}

export function entityOfSet(set: string): Entity | undefined {
  return BY_SET.get(set);
}

const WIDE = Object.assign(
  {},
  ...wideFields(400, (number) =>
    custom(`new_owncolumnoftheorganization${number}`, `Own column ${number}`, { type: "String", max: 100 }),
  ),
) as Entity["columns"];
const wideEntities = new Map(ENTITIES.map((one) => [one, { ...one, columns: { ...one.columns, ...WIDE } }]));

/** Columns that a narrow organization does not have. */
const ABSENT: Readonly<Record<string, readonly string[]>> = {
  contact: ["emailaddress3", "department", "mobilephone"],
  lead: ["emailaddress3", "companyname"],
  appointment: ["location"],
};
const narrowEntities = new Map(
  ENTITIES.map((one) => {
    const kept = Object.entries(one.columns).filter(([name]) => !ABSENT[one.name]?.includes(name));
    return [one, { ...one, columns: Object.fromEntries(kept) }];
  }),
);

/** A table in the organization with this name. */
export function entityOf(org: string, table: Entity): Entity {
  if (isNarrow(org)) return narrowEntities.get(table) ?? table;
  return isWide(org) && ["contact", "lead", "appointment"].includes(table.name) ? wideEntities.get(table)! : table;
}

/** The lookup column that a navigation property stands for. */
export function columnOfNavigation(entity: Entity, navigation: string): Column | undefined {
  return Object.values(entity.columns).find((column) => isLookup(column) && column.navigation?.[navigation]);
}

function entity(
  name: string,
  set: string,
  title: string,
  rest: Pick<Entity, "columns"> & Partial<Pick<Entity, "key" | "writable" | "closed">>,
): Entity {
  const { key = `${name}id`, writable = true, closed = [], columns } = rest;
  return { name, set, key, title, writable, closed, columns: { ...readOnly("Uniqueidentifier", key), ...columns } };
}
