import { isWide, wideFields } from "../../kit/account-kinds.js";
import { ESPO_8, ESPO_9, type EspoVersion } from "./version.js";

/** The imitated parts of a field in EspoCRM's metadata. */
export interface FieldDefs {
  readonly type: string;
  readonly required?: true;
  readonly readOnly?: true;
  /** True for what EspoCRM adds to an answer, without a column. */
  readonly notStorable?: true;
  readonly maxLength?: number;
  readonly options?: readonly string[];
  /** The field whose options these are, as `Account.industry`. */
  readonly optionsReference?: string;
  /** Null for a field that the answer to a create shows although it is empty. */
  readonly default?: string | null;
  /** Values without any of the characters `<`, `>` and `=`. */
  readonly pattern?: "$noBadCharacters";
  readonly isCustom?: true;
  /** The entity type at the other end of a link. */
  readonly entity?: EntityType;
}

export const ENTITY_TYPES = ["Contact", "Lead", "Meeting", "Account", "User"] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export type Fields = Readonly<Record<string, FieldDefs>>;

const STAMPS: Fields = {
  createdAt: { type: "datetime", readOnly: true },
  modifiedAt: { type: "datetime", readOnly: true },
  createdBy: { type: "link", entity: "User", readOnly: true },
};

const ADDRESS: Fields = {
  addressStreet: { type: "text", maxLength: 255 },
  addressCity: { type: "varchar", maxLength: 100, pattern: "$noBadCharacters" },
  addressState: { type: "varchar", maxLength: 100, pattern: "$noBadCharacters" },
  addressCountry: { type: "varchar", maxLength: 100, pattern: "$noBadCharacters" },
  addressPostalCode: { type: "varchar", maxLength: 40, pattern: "$noBadCharacters" },
};

const PHONE_NUMBER: FieldDefs = {
  type: "phone",
  options: ["Mobile", "Office", "Home", "Fax", "Other"],
  default: "Mobile",
};

const PERSON: Fields = {
  name: { type: "personName" },
  salutationName: { type: "enum", options: ["", "Mr.", "Ms.", "Mrs.", "Dr."] },
  middleName: { type: "varchar", maxLength: 100 },
  firstName: { type: "varchar", maxLength: 100, pattern: "$noBadCharacters" },
  emailAddress: { type: "email" },
  phoneNumber: PHONE_NUMBER,
  doNotCall: { type: "bool" },
  description: { type: "text" },
  ...ADDRESS,
  assignedUser: { type: "link", entity: "User" },
  ...STAMPS,
};

/** The custom fields of every account. */
const CUSTOM: Fields = {
  cNote: { type: "varchar", isCustom: true },
  cScore: { type: "float", isCustom: true },
  cInterests: { type: "multiEnum", options: ["Golf", "Chess", "Opera"], isCustom: true },
  cFirstMet: { type: "date", isCustom: true },
  cCheckedAt: { type: "datetime", isCustom: true },
  cVisits: { type: "int", isCustom: true },
  cAgreed: { type: "bool", isCustom: true },
  cTotal: { type: "float", readOnly: true, isCustom: true },
};

/** Labels that the entities have in common, and that stand at none of them. */
export const GLOBAL_LABELS: Readonly<Record<string, string>> = {
  salutationName: "Salutation",
  firstName: "First Name",
  middleName: "Middle Name",
  lastName: "Last Name",
  assignedUser: "Assigned User",
  createdAt: "Created At",
  modifiedAt: "Modified At",
  createdBy: "Created By",
  streamUpdatedAt: "Stream Updated At",
};

export const CUSTOM_LABELS: Readonly<Record<string, string>> = {
  cNote: "Note",
  cScore: "Score",
  cInterests: "Interests",
  cFirstMet: "First met",
  cCheckedAt: "Checked at",
  cVisits: "Visits",
  cAgreed: "Agreed",
  cTotal: "Total",
};

const attendees = (entity: EntityType): FieldDefs => ({ type: "linkMultiple", entity });

/** Sources: entityDefs of the modules Crm and core of espocrm/espocrm, and answers of EspoCRM 8.4.2 and 9.2.7. */
export const ENTITY_DEFS: Readonly<Record<EntityType, Fields>> = {
  Contact: {
    ...PERSON,
    lastName: { type: "varchar", maxLength: 100, required: true, pattern: "$noBadCharacters" },
    // EspoCRM stores the title as the contact's role in the account.
    title: { type: "varchar", maxLength: 100 },
    account: { type: "link", entity: "Account" },
    streamUpdatedAt: { type: "datetime", readOnly: true },
    ...CUSTOM,
  },
  Lead: {
    ...PERSON,
    lastName: { type: "varchar", maxLength: 100, pattern: "$noBadCharacters" },
    title: { type: "varchar", maxLength: 100, pattern: "$noBadCharacters" },
    status: {
      type: "enum",
      options: ["New", "Assigned", "In Process", "Converted", "Recycled", "Dead"],
      default: "New",
    },
    source: {
      type: "enum",
      options: [
        "",
        "Call",
        "Email",
        "Existing Customer",
        "Partner",
        "Public Relations",
        "Web Site",
        "Campaign",
        "Other",
      ],
    },
    opportunityAmount: { type: "currency" },
    accountName: { type: "varchar", pattern: "$noBadCharacters" },
    website: { type: "url" },
    streamUpdatedAt: { type: "datetime", readOnly: true },
    industry: { type: "enum", optionsReference: "Account.industry" },
    acceptanceStatus: { type: "varchar", notStorable: true, readOnly: true },
    convertedAt: { type: "datetime", readOnly: true },
    createdContact: { type: "link", entity: "Contact" },
    ...CUSTOM,
  },
  Meeting: {
    name: { type: "varchar", required: true, pattern: "$noBadCharacters" },
    status: { type: "enum", options: ["Planned", "Held", "Not Held"], default: "Planned" },
    dateStart: { type: "datetimeOptional", required: true },
    dateEnd: { type: "datetimeOptional" },
    isAllDay: { type: "bool" },
    description: { type: "text" },
    joinUrl: { type: "url", readOnly: true, default: null },
    streamUpdatedAt: { type: "datetime", readOnly: true },
    uid: { type: "varchar", maxLength: 255, readOnly: true },
    parent: { type: "linkParent" },
    assignedUser: { type: "link", entity: "User", required: true },
    users: attendees("User"),
    contacts: attendees("Contact"),
    leads: attendees("Lead"),
    ...STAMPS,
    ...CUSTOM,
  },
  Account: {
    name: { type: "varchar", required: true },
    industry: { type: "enum", options: ["", "Agriculture", "Consulting", "Textiles"] },
    emailAddress: { type: "email" },
    phoneNumber: PHONE_NUMBER,
    ...STAMPS,
  },
  User: {
    name: { type: "varchar" },
    userName: { type: "varchar" },
    type: { type: "enum" },
    isActive: { type: "bool" },
    emailAddress: { type: "email" },
    ...STAMPS,
  },
};

const WIDE: Fields = Object.fromEntries(
  wideFields(300, (number) => [`cOwnFieldOfTheCompany${number}`, { type: "varchar", isCustom: true }] as const),
);

/** The name of an account, and the version of its server. */
interface Server {
  readonly name: string;
  readonly version: EspoVersion;
}

const defsOf = new Map([ESPO_8, ESPO_9].map((version) => [version, definitions(version)]));

function definitions({ lacks }: EspoVersion) {
  return new Map(
    ENTITY_TYPES.map((entity) => {
      const fields = Object.entries(ENTITY_DEFS[entity]).filter(([name]) => !lacks.has(`${entity}.${name}`));
      const usual: Fields = Object.fromEntries(fields);
      return [entity, { usual, wide: { ...usual, ...WIDE } }];
    }),
  );
}

/** The fields of an entity in an account. */
export function fieldsOf(entity: EntityType, { name, version }: Server): Fields {
  return defsOf.get(version)!.get(entity)![isWide(name) ? "wide" : "usual"];
}

/** Returns the attributes of a field. */
export function attributesOf(name: string, { type }: FieldDefs): string[] {
  switch (type) {
    case "link":
      return [`${name}Id`, `${name}Name`];
    case "linkParent":
      return [`${name}Id`, `${name}Type`, `${name}Name`];
    case "linkMultiple":
      return [`${name}Ids`, `${name}Names`, `${name}Columns`];
    case "email":
    case "phone":
      return [name, `${name}Data`];
    case "currency":
      return [name, `${name}Currency`];
    case "datetimeOptional":
      return [name, `${name}Date`];
    default:
      return [name];
  }
}

/** The options of a field, also if they are those of another field. */
export function optionsOf({ options, optionsReference }: FieldDefs): readonly string[] | undefined {
  const [entity, field] = optionsReference?.split(".") ?? [];
  return entity === undefined ? options : ENTITY_DEFS[entity as EntityType][field!]!.options;
}

export function isEntityType(text: string): text is EntityType {
  return ENTITY_TYPES.some((type) => type === text);
}

const attributeLists = new WeakMap<Fields, ReadonlySet<string>>();

export function allAttributes(entity: EntityType, server: Server): ReadonlySet<string> {
  const own = fieldsOf(entity, server);
  let known = attributeLists.get(own);
  if (!known) {
    const fields = Object.entries(own).flatMap(([name, defs]) => attributesOf(name, defs));
    attributeLists.set(own, (known = new Set(["id", "deleted", ...fields])));
  }
  return known;
}
