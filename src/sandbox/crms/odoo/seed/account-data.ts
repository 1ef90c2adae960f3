import { seedAccount } from "../../../kit/seed.js";
import { Database } from "../database.js";
import { blankValues } from "../model.js";
import { partnerModel } from "../models/partner.js";
import { seedBaseData, seedUsers } from "./base-data.js";
import { seedPartners, stamps } from "./people.js";
import { seedPlaces } from "./places.js";
import { seedLeads, seedMeetings } from "./records.js";

/** Creates the database of an account with all its data. */
export function seededDatabase(account: string): Database {
  const database = new Database(account);
  const seed = seedAccount(account);
  const beginning = seed.people[0]?.createdAt ?? 0;
  const created = stamps(beginning, beginning, 0);
  seedBaseData(database, created);
  seedPlaces(database, created);
  seedPartners(database, seed);
  seedUsers(database, seed.owners, blankValues(partnerModel), created);
  seedLeads(database, seed);
  seedMeetings(database, seed);
  return database;
}
