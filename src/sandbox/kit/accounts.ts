/** Maximum number of accounts of one sandbox CRM. Beyond it, the least recently used account is dropped. */
const MAX_ACCOUNTS = 64;

/** The account that forms and documents name. */
export const DEMO_ACCOUNT = "demo";

/** The names of accounts, as the source of regular expressions for tokens and forms. */
export const ACCOUNT_NAME = "[a-z0-9\\-]{1,40}";
const WHOLE_NAME = new RegExp(`^${ACCOUNT_NAME}$`);

export function isAccountName(name: string): boolean {
  return WHOLE_NAME.test(name);
}

/** The accounts of one sandbox CRM. Each is created on first use and kept in memory. */
export class Accounts<Account> {
  readonly #accounts = new Map<string, Account>();
  readonly #create: (name: string) => Account;

  constructor(create: (name: string) => Account) {
    this.#create = create;
  }

  /** The account of that name. Null if the name is not valid. */
  get(name: string): Account | null {
    if (!isAccountName(name)) return null;
    const account = this.#accounts.get(name) ?? this.#create(name);
    this.#accounts.delete(name);
    this.#accounts.set(name, account);
    if (this.#accounts.size > MAX_ACCOUNTS) this.#accounts.delete(this.#accounts.keys().next().value!);
    return account;
  }
}
