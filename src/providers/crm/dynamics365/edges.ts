import { readText } from "../../mapping/json-dialect.js";
import { edgesOfMany } from "../../kit/edges.js";
import { isGuid } from "./dialect.js";
import { pairOf } from "./answers.js";
import { IDS_MAX, isAnyOf, readAll } from "./api.js";

type Pairs = [from: string, to: string][];
/** Finds the rows that have one of the ids in a column, as pairs of two of their properties. */
type Find = (set: string, column: string, properties: [string, string], more?: string) => Promise<Pairs>;

const edge = (load: (find: Find) => Promise<Pairs>) =>
  edgesOfMany({ batchSize: IDS_MAX, isId: isGuid }, (context, ids) =>
    load(async (set, column, properties, more = "") => {
      const { $filter, ...aliases } = isAnyOf(column, ids);
      const query = { $select: properties.join(","), $filter: $filter + more, ...aliases };
      return (await readAll(context, set, query, pairOf(...properties))).flatMap((row): Pairs => {
        const [from, to] = properties.map((name) => readText(row[name]));
        return from && to ? [[from, to]] : [];
      });
    }),
  );

/** Activities of all kinds have parties, so the condition selects appointments. */
export const contactMeetings = edge((find) =>
  find(
    "activityparties",
    "partyid",
    ["_partyid_value", "_activityid_value"],
    " and activityid_appointment/activityid ne null",
  ),
);

/** The leads that refer to the contact, and the lead that was converted into the contact. */
export const contactLeads = edge(async (find) => [
  ...(await find("leads", "parentcontactid", ["_parentcontactid_value", "leadid"])),
  ...(await find("contacts", "contactid", ["contactid", "_originatingleadid_value"])),
]);

/** The contact that qualification created, or else the contact that the lead named before. */
export const convertedContact = edge(async (find) => {
  const made = await find("contacts", "originatingleadid", ["_originatingleadid_value", "contactid"]);
  const named = await find("leads", "leadid", ["leadid", "_parentcontactid_value"], " and statecode eq 1");
  return [...new Map([...named, ...made.toReversed()])];
});
