import type { StoredRecord } from "./object-types.js";
import { duplicateContact } from "./errors.js";

/**
 * Address → the contact that has it. At most one contact can have an address, as its primary or as a further address.
 */
export class ContactEmails {
  readonly #holders = new Map<string, string>();

  replace(before: StoredRecord | undefined, after: StoredRecord | undefined): void {
    for (const address of before ? emailsOf(before.values) : []) {
      if (this.#holders.get(address) === before?.id) this.#holders.delete(address);
    }
    // The addresses of an archived contact can be used again.
    if (after?.archivedAt !== null) return;
    for (const address of emailsOf(after.values)) this.#holders.set(address, after.id);
  }

  holderOf(address: string): string | undefined {
    return this.#holders.get(address.toLowerCase());
  }

  refuseDuplicates(values: Readonly<Record<string, string>>, ownId: string | null): void {
    const holder = emailsOf(values)
      .map((address) => this.#holders.get(address))
      .find((id) => id !== undefined && id !== ownId);
    if (holder !== undefined) throw duplicateContact(holder);
  }
}

/** Returns all addresses in lower case, because the case of an address does not matter. */
function emailsOf({ email = "", hs_additional_emails: further = "" }: Readonly<Record<string, string>>): string[] {
  return `${email};${further}`
    .toLowerCase()
    .split(";")
    .filter((address) => address !== "");
}
