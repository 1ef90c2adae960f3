import { isNarrow, isWide, wideFields } from "../../kit/account-kinds.js";

export type DataType =
  | "text"
  | "textarea"
  | "email"
  | "phone"
  | "website"
  | "picklist"
  | "multiselectpicklist"
  | "boolean"
  | "integer"
  | "double"
  | "currency"
  | "date"
  | "datetime"
  | "lookup"
  | "ownerlookup"
  | "bigint"
  | "participants"
  | "tags";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: DataType;
  readonly length: number | null;
  readonly readOnly: boolean;
  readonly required: boolean;
  readonly unique: boolean;
  readonly custom: boolean;
  readonly values: readonly string[];
  /** The module of a lookup's records. Null for any module. */
  readonly lookup: string | null;
}

const LENGTHS: Partial<Record<DataType, number>> = {
  text: 255,
  textarea: 32_000,
  email: 100,
  phone: 30,
  website: 450,
  picklist: 120,
};

function field(name: string, type: DataType = "text", details: Partial<Field> = {}): Field {
  return {
    name,
    label: name.replaceAll("_", " ").trim(),
    type,
    length: LENGTHS[type] ?? null,
    readOnly: false,
    required: false,
    unique: false,
    custom: false,
    values: [],
    lookup: null,
    ...details,
  };
}

const readOnly = { readOnly: true };

const SHARED = [
  field("id", "bigint", readOnly),
  field("Owner", "ownerlookup"),
  field("Created_By", "ownerlookup", readOnly),
  field("Modified_By", "ownerlookup", readOnly),
  field("Created_Time", "datetime", readOnly),
  field("Modified_Time", "datetime", readOnly),
  field("Description", "textarea"),
  field("Tag", "tags"),
];

const SOURCES = ["Advertisement", "Cold Call", "Employee Referral", "Partner", "Web Download", "Trade Show"];

const LEAD_STATUSES =
  "Attempted to Contact, Contact in Future, Contacted, Junk Lead, Lost Lead, Not Contacted, Pre-Qualified, Not Qualified";

const PERSON = [
  field("First_Name", "text", { length: 40 }),
  field("Last_Name", "text", { length: 80, required: true }),
  field("Full_Name", "text", readOnly),
  field("Email", "email"),
  field("Secondary_Email", "email"),
  field("Phone", "phone"),
  field("Mobile", "phone"),
  field("Fax", "phone"),
  field("Lead_Source", "picklist", { values: SOURCES }),
  field("Email_Opt_Out", "boolean"),
  field("Last_Activity_Time", "datetime", readOnly),
];

/** The custom fields of every module of every account. */
const CUSTOM = [
  field("Crmesh_Note", "text", { custom: true }),
  field("Crmesh_Score", "double", { custom: true }),
  field("Crmesh_Number", "bigint", { custom: true }),
  field("Crmesh_Since", "datetime", { custom: true }),
  field("Crmesh_Regions", "multiselectpicklist", { custom: true, values: ["North", "South", "East", "West"] }),
];

/** The custom fields of a wide account, which only many calls can request. */
const MANY_CUSTOM = wideFields(300, (number) =>
  field(`Own_Field_Of_The_Organization_With_A_Long_Name_${number}`, "text", { custom: true }),
);

const ADDRESS_PARTS = ["Street", "City", "State", "Zip", "Country"];

const OWN: Readonly<Record<string, readonly Field[]>> = {
  Contacts: [
    ...PERSON.map((one) => (one.name === "Email" ? { ...one, unique: true } : one)),
    field("Title"),
    field("Department"),
    field("Home_Phone", "phone"),
    field("Other_Phone", "phone"),
    field("Asst_Phone", "phone"),
    field("Date_of_Birth", "date"),
    field("Skype_ID", "text", { length: 50 }),
    field("Salutation", "picklist", { values: ["Mr.", "Mrs.", "Ms.", "Dr.", "Prof."] }),
    field("Unsubscribed_Time", "datetime", readOnly),
    field("Account_Name", "lookup", { lookup: "Accounts" }),
    ...["Mailing", "Other"].flatMap((kind) => ADDRESS_PARTS.map((part) => field(`${kind}_${part}`))),
  ],
  Leads: [
    ...PERSON,
    field("Company"),
    field("Designation"),
    field("Lead_Status", "picklist", { values: LEAD_STATUSES.split(", ") }),
    field("Rating", "picklist", { values: ["Acquired", "Active", "Market Failed", "Project Cancelled", "Shut Down"] }),
    field("Website", "website"),
    field("Annual_Revenue", "currency"),
    field("No_of_Employees", "integer"),
    field("Industry", "picklist", { values: ["ASP", "Data/Telecom OEM", "ERP", "Government/Military"] }),
    field("Unsubscribed_Time", "datetime", readOnly),
    ...["Street", "City", "State", "Zip_Code", "Country"].map((part) => field(part)),
    field("Converted__s", "boolean", readOnly),
    field("Converted_Date_Time", "datetime", readOnly),
    field("Converted_Contact", "lookup", { ...readOnly, lookup: "Contacts" }),
    field("Converted_Account", "lookup", { ...readOnly, lookup: "Accounts" }),
  ],
  Events: [
    field("Event_Title", "text", { required: true }),
    field("Start_DateTime", "datetime", { required: true }),
    field("End_DateTime", "datetime"),
    field("All_day", "boolean"),
    field("Venue"),
    field("Check_In_Status", "picklist", { values: ["PLANNED", "VISITED"] }),
    field("Check_In_Comment", "textarea"),
    field("Check_In_City", "text", readOnly),
    field("Participants", "participants"),
    field("Who_Id", "lookup", { lookup: "Contacts" }),
    field("What_Id", "lookup"),
  ],
  Accounts: [field("Account_Name", "text", { required: true }), field("Website", "website")],
  Deals: [
    field("Deal_Name", "text", { required: true }),
    field("Stage", "picklist", { required: true, values: ["Qualification", "Closed Won", "Closed Lost"] }),
    field("Amount", "currency"),
    field("Closing_Date", "date"),
  ],
};

/** Fields that the administrator of a narrow account has removed from the layouts. */
const REMOVED = new Set(["Secondary_Email", "Mobile", "Fax", "Venue"]);

export type ModuleName = "Contacts" | "Leads" | "Events" | "Accounts" | "Deals";
export const MODULE_NAMES = Object.keys(OWN) as ModuleName[];

export type Fields = ReadonlyMap<string, Field>;

/** Accounts whose names begin with `broad` have some more custom fields than one call can request. */
function moreCustom(account: string): readonly Field[] {
  if (isWide(account)) return MANY_CUSTOM;
  return account.startsWith("broad") ? MANY_CUSTOM.slice(0, 60) : [];
}

/** The fields of one module of an org. */
export function fieldsOf(module: ModuleName, account: string): Fields {
  const all = [...SHARED, ...OWN[module]!, ...CUSTOM, ...moreCustom(account)];
  return new Map(all.filter(({ name }) => !isNarrow(account) || !REMOVED.has(name)).map((one) => [one.name, one]));
}
