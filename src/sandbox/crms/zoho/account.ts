import { Random } from "../../kit/random.js";
import { RecordTable } from "../../kit/record-table.js";
import { fieldsOf, MODULE_NAMES, type Fields, type ModuleName } from "./fields.js";
import { ZoneClock } from "./times.js";

export interface User {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly status: "active" | "inactive";
}

export interface Participant {
  readonly id: string;
  readonly type: "contact" | "lead" | "user" | "email";
  /** The id of a record, or an e-mail address. */
  readonly participant: string;
  readonly invited: boolean;
  readonly status: string;
}

/**
 * A record. Texts, numbers and flags are stored unchanged, date-times as milliseconds since the epoch, lookups as ids,
 * and tags as names. A cleared field is absent.
 */
export interface Row {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The module of `What_Id`. */
  readonly relatedModule: string | null;
  readonly cancelled: boolean;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface Module {
  readonly name: ModuleName;
  readonly fields: Fields;
  readonly table: RecordTable<Row>;
}

const ZONES = ["America/New_York", "Asia/Kolkata", "Europe/Berlin", "America/St_Johns"];

/** One org. */
export class ZohoAccount {
  readonly orgId: string;
  readonly users: readonly User[];
  /** The time zone of the connected user. All date-times are in it. */
  readonly clock: ZoneClock;
  readonly now: () => number;
  /** Sources disagree on the status for refused and missing records: 202 and 204, or 400. Strict accounts send 400. */
  readonly isStrict: boolean;
  /** Whether lists omit the fields that only single records have. */
  readonly hasSparseLists: boolean;
  readonly #modules: ReadonlyMap<string, Module>;
  #lastId = 0;

  constructor(
    readonly name: string,
    owners: readonly Omit<User, "id" | "status">[],
    options: { now: () => number; indexLagMs: number },
  ) {
    const random = new Random(`zoho-org:${name}`);
    this.now = options.now;
    this.isStrict = name.startsWith("strict");
    this.hasSparseLists = name.startsWith("sparse");
    this.orgId = String(random.integer(1_000_000, 8_999_999));
    this.clock = new ZoneClock(random.pick(ZONES));
    this.users = owners.map((owner, index) => ({
      ...owner,
      id: this.takeId(),
      // The last user has left, but still owns records.
      status: index === owners.length - 1 ? "inactive" : "active",
    }));
    this.#modules = new Map(
      MODULE_NAMES.map((module) => [
        module,
        { name: module, fields: fieldsOf(module, name), table: new RecordTable<Row>(options) },
      ]),
    );
  }

  get currentUser(): User {
    return this.users[0]!;
  }

  takeId(): string {
    this.#lastId += 1;
    return `${this.orgId}${String(this.#lastId + 410_000).padStart(12, "0")}`;
  }

  module(name: string): Module | null {
    return this.#modules.get(name) ?? null;
  }

  records(name: ModuleName): RecordTable<Row> {
    return this.#modules.get(name)!.table;
  }

  user(id: unknown): User | undefined {
    return this.users.find((user) => user.id === id);
  }
}
