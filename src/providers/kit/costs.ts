import type { ResourceAdapter } from "../contract/contract.js";
import type { EmailRules } from "../contract/field-map.js";
import type { Cost, ListCost, PricedList, ResourceCost } from "../contract/cost.js";
import type { MeetingInput, ResourceInputs } from "../contract/input.js";
import type { ResourceName } from "../contract/model.js";
import { customSelection, type Selection } from "../contract/selection.js";
import { CrmError } from "../../errors/crm-error.js";
import { nativeFields } from "../mapping/read-record.js";
import { filterConditions, orderField } from "./adapter-kit.js";
import type { PlannedReading } from "./cost-rules.js";
import { searchOrder, withEmails } from "./email-search.js";
import type { ResourceRules } from "./resource-rules.js";
import { answersAll } from "./write-answers.js";
import { hasPartOfTimes, inputsToKeep, referencesIn, TIMES } from "./resource-writes.js";
import { sieveOf } from "./sifted.js";

export const NONE: Cost = { calls: 0 };
export const calls = (count: number, assumption?: string): Cost =>
  assumption === undefined ? { calls: count } : { calls: count, assumption };
/** Definitions, and no call beside them. */
export const loading = (...definitions: readonly string[]): Cost => ({ calls: 0, definitions });
export const batches = (count: number, size: number): number => Math.ceil(count / size);

export function sum(...costs: readonly (Cost | undefined)[]): Cost {
  const all = costs.filter((cost) => cost !== undefined);
  const definitions = [...new Set(all.flatMap((cost) => cost.definitions ?? []))];
  const assumptions = [...new Set(all.flatMap(({ assumption }) => assumption ?? []))];
  return {
    calls: all.reduce((total, cost) => total + cost.calls, 0),
    ...(definitions.length > 0 && { definitions }),
    ...(assumptions.length > 0 && { assumption: assumptions.join(" ") }),
  };
}

/** The most calls of `list` for one page of the graph, if the kit leaves out records that the CRM lists. */
const SIFTED_READS = 5;

/** What the search by e-mail addresses takes for granted. */
const RECORDS_ASSUMED = 2;
const ADDRESS_LENGTH_ASSUMED = 48;
const ASSUMED = `At most ${RECORDS_ASSUMED} records of an e-mail address on average, and ${ADDRESS_LENGTH_ASSUMED} characters an address.`;
const addressAssumed = (index: number) => `${index}@example.com`.padStart(ADDRESS_LENGTH_ASSUMED, "a");

/** The cost of checking ids by reading the records: `existingOf`. */
export const existingCost =
  (adapter: Pick<ResourceAdapter, "cost" | "batchSize">) =>
  (ids: number): Cost => {
    const { cost } = adapter;
    const select = new Set<string>();
    const size = adapter.batchSize(select);
    const [full, rest] = [Math.floor(ids / size), ids % size];
    return sum(...Array.from({ length: full }, () => cost.get(size, select)), rest > 0 ? cost.get(rest, select) : NONE);
  };

/** Composes the costs of a resource's operations, as `resourceAdapter` composes the operations. */
export function resourceCosts<Resource extends ResourceName, Condition>(
  rules: ResourceRules<Resource, Condition>,
): ResourceCost<Resource> {
  const { map, cost, references = {} } = rules;

  function readingOf(select: Selection, more: readonly string[] = []): PlannedReading {
    return planned(
      [...nativeFields(map, select), ...more],
      customSelection(select) !== null && "customFields" in rules,
    );
  }

  /** What is read beside the records: definitions and parts. */
  function beside(records: number, { needs, customFields }: PlannedReading): Cost {
    const parts = Object.entries(cost.parts ?? {}).filter(([name]) => needs(name));
    return sum(
      ...parts.map(([, part]) => part(records)),
      customFields && cost.customFields !== undefined ? loading(cost.customFields) : NONE,
    );
  }

  function list({ filter, orderBy, limit, select }: PricedList<Resource>): ListCost {
    const query = refusedAsNull(() => {
      const conditions = filterConditions<unknown>(map, filter);
      const sieve = sieveOf(conditions);
      return {
        conditions: sieve.natives,
        filters: new Set(Object.entries(filter).flatMap(([name, value]) => ((value ?? null) === null ? [] : name))),
        order: orderBy && orderField(map, orderBy.field),
        limit,
        reading: readingOf(select, sieve.reads),
        isSifted: sieve.isSifted,
      };
    });
    if (!query) return NONE;
    const own = cost.list(query);
    const more = beside(limit, query.reading);
    const reads = query.isSifted || cost.hasGaps ? SIFTED_READS : own.reads;
    return {
      ...sum(own, more),
      ...(reads !== undefined && { reads }),
      ...(own.continued !== undefined && { continued: own.continued + more.calls }),
    };
  }

  function get(ids: number, select: Selection): Cost {
    const reading = readingOf(select);
    return sum(cost.read(ids, reading), beside(ids, reading));
  }

  /** The addresses are not known yet, so they are taken to be of a usual length. */
  function byEmails(rule: EmailRules<unknown>, addresses: number, select: Selection): Cost {
    const reading = readingOf(withEmails(select));
    const limit = Math.min(rule.pageSize, addresses * RECORDS_ASSUMED);
    const conditions = sieveOf([
      rule.condition(
        Array.from({ length: addresses }, (_, index) => addressAssumed(index)),
        rule.covers,
      ),
    ]).natives;
    const order = searchOrder(rules)?.field ?? null;
    const listed = { conditions, filters: new Set(["email"]), order, limit, reading, isSifted: false };
    const { calls: own, definitions } = cost.byEmails?.(addresses, reading) ?? cost.list(listed);
    return sum({ calls: own, ...(definitions && { definitions }), assumption: ASSUMED }, beside(limit, reading));
  }

  function prepared(input: ResourceInputs[Resource], mode: "create" | "update"): Cost {
    const { customFields } = input;
    // A CRM that checks them itself may leave it to the definitions to explain a refusal.
    const checks = rules.customFields && customFields && customFields.length > 0;
    return sum(
      mode === "update" ? stored(input) : NONE,
      checks && cost.customFields !== undefined ? loading(cost.customFields) : NONE,
      rules.columns?.writesSilently ? loading(rules.columns.definition) : NONE,
      ...Object.keys(references).map((name) => {
        const { ids } = referencesIn((input as Record<string, unknown>)[name]);
        const check = (cost.references as Readonly<Record<string, (ids: number) => Cost>> | undefined)?.[name];
        return ids.length > 0 ? check?.(ids.length) : NONE;
      }),
      cost.lookups?.(input, mode),
    );
  }

  /** The read of the record before an update. */
  function stored(input: ResourceInputs[Resource]): Cost {
    const withTimes = map.resource === "meeting" && hasPartOfTimes(map, input as MeetingInput);
    const fields = [
      ...(withTimes ? nativeFields(map, TIMES) : []),
      ...inputsToKeep(map, input).flatMap(([, { native }]) => native),
      ...(rules.current?.(input) ?? []),
    ];
    if (fields.length === 0) return NONE;
    const reading = planned([...map.identity, ...fields], false);
    return sum(cost.read(1, reading), beside(1, reading));
  }

  const one = calls(1);
  return {
    ...(cost.brings && { brings: new Set(cost.brings) }),
    list,
    get,
    ...(map.byEmails && { byEmails: (addresses, select) => byEmails(map.byEmails!, addresses, select) }),
    edges: cost.edges ?? {},
    ...(rules.columns && { columns: loading(rules.columns.definition) }),
    ...(rules.customFields && cost.customFields !== undefined && { customFields: loading(cost.customFields) }),
    ...(rules.calls.create && {
      create: (input) => sum(prepared(input, "create"), cost.create?.(input) ?? one),
    }),
    ...(rules.calls.update && {
      update: (input) => sum(prepared(input, "update"), cost.update?.(input) ?? one),
    }),
    ...(rules.calls.delete && { delete: () => cost.delete ?? one }),
    answered: (write, select) => (answersAll(rules, write, select) ? beside(1, readingOf(select)) : null),
  };
}

function planned(names: readonly string[], customFields: boolean): PlannedReading {
  const wanted = new Set(names);
  return {
    fields: [...wanted].filter((name) => !name.startsWith("$")),
    needs: (part) => wanted.has(part),
    customFields,
  };
}

/** A refused filter or order takes no call. */
function refusedAsNull<Result>(run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof CrmError) return null;
    throw error;
  }
}
