import { validationError } from "./errors.js";
import { CONTACT, LEAD, MEETING, type ObjectType } from "./object-types.js";

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
  const name = (one: ObjectType, other: ObjectType) =>
    `${one.wireName.toLowerCase()}_to_${label === null ? "" : "primary_"}${other.wireName.toLowerCase()}`;
  return [
    { id, reverseId, from, to, label, wireName: name(from, to) },
    { id: reverseId, reverseId: id, from: to, to: from, label, wireName: name(to, from) },
  ];
}

export const LEAD_TO_PRIMARY_CONTACT = 578;

const ASSOCIATION_TYPES: readonly AssociationType[] = [
  ...bothWays([CONTACT, 199], [MEETING, 200]),
  ...bothWays([LEAD, 600], [MEETING, 601]),
  ...bothWays([LEAD, 608], [CONTACT, 609]),
  ...bothWays([LEAD, LEAD_TO_PRIMARY_CONTACT], [CONTACT, 579], "Lead with Primary Contact"),
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
