import type { SeedOwner } from "../../kit/seed.js";

export interface Owner {
  readonly id: string;
  readonly userId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly archived: boolean;
}

const CREATED_AT = "2024-01-01T00:00:00.000Z";
const FIRST_OWNER_ID = 41_629_779;
const FIRST_USER_ID = 9_586_504;
/** An owner who left. Only requests for archived owners find this owner. */
const FORMER_OWNER = { firstName: "Fiona", lastName: "Former", email: "fiona@example.com" };

/** Accounts with this beginning of their name have more owners than a page. */
const STAFFED = "staffed";
const COLLEAGUES = 150;

function colleague(index: number): SeedOwner {
  const names = { firstName: "Colleague", lastName: String(index), fullName: `Colleague ${index}` };
  return { ...names, email: `colleague.${index}@example.com` };
}

export function ownersOf(seed: readonly SeedOwner[], account: string): Owner[] {
  const colleagues = Array.from({ length: account.startsWith(STAFFED) ? COLLEAGUES : 0 }, (_, index) =>
    colleague(index),
  );
  return [...seed, FORMER_OWNER, ...colleagues].map((owner, index) => ({
    id: String(FIRST_OWNER_ID + index),
    userId: FIRST_USER_ID + index,
    ...owner,
    archived: owner === FORMER_OWNER,
  }));
}

export function ownerToWire(owner: Owner): Record<string, unknown> {
  return {
    id: owner.id,
    email: owner.email,
    type: "PERSON",
    firstName: owner.firstName,
    lastName: owner.lastName,
    userId: owner.archived ? null : owner.userId,
    userIdIncludingInactive: owner.userId,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    archived: owner.archived,
  };
}
