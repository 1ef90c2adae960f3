import { validationError } from "./errors.js";
import { COMPANY, CONTACT, LEAD, MEETING, type ObjectType } from "./object-types.js";

export interface AssociationType {
  readonly id: number;
  readonly reverseId: number;
  readonly from: ObjectType;
  readonly to: ObjectType;
  /** Null for the plain association, which every pair of types has. */
  readonly label: string | null;
  /** The name in inline associations. */
  readonly wireName: string;
}

function bothWays(
  [from, id]: readonly [ObjectType, number],
  [to, reverseId]: readonly [ObjectType, number],
  label: string | null = null,
): AssociationType[] {
  const name = (one: ObjectType, other: ObjectType) => {
    const [first, second] = [one.wireName.toLowerCase(), other.wireName.toLowerCase()];
    // Inline associations call the primary company by the old name of all companies.
    if (from === CONTACT && to === COMPANY) return `${first}_to_${second}${label === null ? "_unlabeled" : ""}`;
    return `${first}_to_${label === null ? "" : "primary_"}${second}`;
  };
  return [
    { id, reverseId, from, to, label, wireName: name(from, to) },
    { id: reverseId, reverseId: id, from: to, to: from, label, wireName: name(to, from) },
  ];
}

export const LEAD_TO_PRIMARY_CONTACT = 578;
export const CONTACT_TO_PRIMARY_COMPANY = 1;

const ASSOCIATION_TYPES: readonly AssociationType[] = [
  ...bothWays([CONTACT, 199], [MEETING, 200]),
  ...bothWays([LEAD, 600], [MEETING, 601]),
  ...bothWays([LEAD, 608], [CONTACT, 609]),
  ...bothWays([LEAD, LEAD_TO_PRIMARY_CONTACT], [CONTACT, 579], "Lead with Primary Contact"),
  ...bothWays([CONTACT, 279], [COMPANY, 280]),
  ...bothWays([CONTACT, CONTACT_TO_PRIMARY_COMPANY], [COMPANY, 2], "Contact with Primary Company"),
];

const BY_ID = new Map(ASSOCIATION_TYPES.map((type) => [type.id, type]));

export function associationType(id: number): AssociationType {
  const type = BY_ID.get(id);
  if (!type) throw validationError(`Association type ${id} does not exist`);
  return type;
}

/** The default association of two types. @throws HubSpotError for types that HubSpot cannot associate */
export function plainAssociation(from: ObjectType, to: ObjectType): AssociationType {
  const plain = ASSOCIATION_TYPES.find((type) => type.from === from && type.to === to && type.label === null);
  if (!plain) throw validationError(`No association type exists from ${from.wireName} to ${to.wireName}`);
  return plain;
}
