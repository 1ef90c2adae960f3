import type { OperationContext } from "../context.js";
import type { Loaded } from "../loaded.js";
import { gatherLinked, type Gathered } from "./gathered.js";
import { PersonFinder, type PersonValue } from "./person-finder.js";
import { searchOf } from "./person-record.js";

/**
 * All leads of a person: those with one of its addresses, and at CRMs whose leads have no addresses of their own, those of its
 * contacts.
 * @throws CrmError as `gatherLinked` does
 */
export async function leadsOfPerson(context: OperationContext, person: PersonValue): Promise<Gathered<"lead">> {
  const finder = await PersonFinder.of(context, person.endUser);
  const linking = person.contacts.filter(({ loaded }) => !searchOf(loaded.link, "lead"));
  const [found, linked] = await Promise.all([
    finder.leadsBy(person.addresses),
    gatherLinked(context, linking, "leads", "lead"),
  ]);
  const own = found.leads.map(({ loaded }) => loaded);
  const missing = finder.connections.flatMap((connection) => {
    const error = found.failures.get(connection.id);
    return error ? [{ connection, error }] : [];
  });
  const records = unique([...person.leads.map(({ loaded }) => loaded), ...own, ...linked.records]);
  const { completeness } = linked;
  return {
    records,
    completeness: {
      isComplete: completeness.isComplete && missing.length === 0,
      missing: [...completeness.missing, ...missing],
      unsupported: completeness.unsupported,
    },
  };
}

function unique(leads: readonly Loaded<"lead">[]): Loaded<"lead">[] {
  return [...new Map(leads.map((lead) => [`${lead.link.record.id} ${lead.record.nativeId}`, lead])).values()];
}
