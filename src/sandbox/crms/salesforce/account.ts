import { Org } from "./org.js";
import { seedOrg } from "./seed-org.js";
import { QueryCursors } from "./soql/cursors.js";

const HOUR = 60 * 60 * 1000;
const HOURS = 24;

/** Counts the API calls of one org over the last 24 hours. Times are in ms since the epoch. */
class DailyUsage {
  readonly #byHour = new Map<number, number>();

  constructor(readonly max: number) {}

  count(now: number): void {
    const hour = Math.floor(now / HOUR);
    this.#byHour.set(hour, (this.#byHour.get(hour) ?? 0) + 1);
  }

  used(now: number): number {
    const firstHour = Math.floor(now / HOUR) - HOURS + 1;
    let sum = 0;
    for (const [hour, calls] of this.#byHour) {
      if (hour >= firstHour) sum += calls;
      else this.#byHour.delete(hour);
    }
    return sum;
  }
}

/** The state of one account. */
export interface SalesforceAccount {
  org: Org;
  cursors: QueryCursors;
  usage: DailyUsage;
}

export function createAccount(name: string, now: () => number, dailyRequests: number): SalesforceAccount {
  const org = new Org(name, now);
  seedOrg(org);
  return { org, cursors: new QueryCursors(org), usage: new DailyUsage(dailyRequests) };
}
