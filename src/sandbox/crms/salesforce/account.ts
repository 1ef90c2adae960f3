import { Org } from "./org.js";
import { seedOrg } from "./seed-org.js";
import { QueryCursors } from "./soql/cursors.js";
import { DailyUsage } from "./usage.js";

/** All that the sandbox keeps about one account. */
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
