import { startLateCrms } from "./late-crms.js";
import { median, middleHalf, quantile } from "./statistics.js";

const [SIZE, PAGES, BOUND] = [50, 5, 1.1];
const LISTINGS = [
  { list: "contacts", field: "CREATED_AT" },
  { list: "contacts", field: "UPDATED_AT" },
  { list: "leads", field: "CREATED_AT" },
  { list: "meetings", field: "STARTS_AT" },
];

/**
 * (k) The first pages of the merged lists of an end user's CRMs, while every answer of every CRM comes 1.5 seconds late. A page should
 * take, for each of its rounds, what the slowest CRM takes for a page of its own listing.
 */
export async function measureMerged({ start }, report) {
  const crms = await startLateCrms(start);
  const rows = [];
  try {
    for (const listing of LISTINGS) {
      // What is read once and then kept for minutes is not part of what a page costs.
      await readAlone(crms, listing);
      const alone = await readAlone(crms, listing);
      const pages = await readPages(crms, listing);
      rows.push(row(report, listing, pages, alone));
    }
  } finally {
    await crms.close();
  }
  report.heading(
    `(k) Pages of ${SIZE} of the merged lists of ${crms.slugs.length} CRMs, every answer of which is 1.5 s late`,
  );
  report.table(
    [
      "list",
      "order",
      "pages",
      "rounds",
      "page, median ms",
      "slowest CRM alone, ms",
      "page ÷ (rounds × slowest), p95",
      "middle half",
      "bound",
      "",
    ],
    rows,
  );
}

function row(report, { list, field }, pages, { slowest, callsOf }) {
  const rounds = pages.map(({ calls }) => roundsOf(calls, callsOf));
  const ratios = pages.map(({ ms }, index) => ms / (rounds[index] * slowest));
  const p95 = quantile(ratios, 0.95);
  return [
    list,
    field,
    pages.length,
    rounds.join(", "),
    median(pages.map(({ ms }) => ms)).toFixed(0),
    slowest.toFixed(0),
    p95.toFixed(2),
    middleHalf(ratios, 2),
    `≤ ${BOUND}`,
    report.verdict(`(k) ${list} by ${field}`, p95, BOUND),
  ];
}

/** The first pages of the merged list. */
async function readPages(crms, { list, field }) {
  const query = `query ($after: String) { endUser { ${list}(first: ${SIZE}, after: $after, orderBy: { field: ${field} }) {
    nodes { id } pageInfo { hasNextPage endCursor } } } }`;
  const pages = [];
  let after = null;
  do {
    const page = await crms.timed(query, { after });
    pages.push(page);
    const { hasNextPage, endCursor } = page.data.endUser[list].pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null && pages.length < PAGES);
  return pages;
}

/** The time of one CRM's part of a page, merged from nothing else, at the slowest CRM, and the calls that each CRM needs for it. */
async function readAlone(crms, { list, field }) {
  const callsOf = new Map();
  let slowest = 0;
  for (const slug of crms.slugs) {
    const query = `{ endUser { ${list}(first: ${SIZE / crms.slugs.length}, providers: ["${slug}"], orderBy: { field: ${field} }) { nodes { id } } } }`;
    const { ms, calls } = await crms.timed(query);
    for (const [connectionId, made] of byConnection(calls)) callsOf.set(connectionId, made);
    slowest = Math.max(slowest, ms);
  }
  return { slowest, callsOf };
}

/** The most reads that one connection got. A read takes some CRMs several calls. */
function roundsOf(calls, callsOf) {
  const reads = [...byConnection(calls)].map(([connectionId, made]) => Math.ceil(made / callsOf.get(connectionId)));
  return Math.max(1, ...reads);
}

function byConnection(calls) {
  const made = new Map();
  for (const { connectionId } of calls) made.set(connectionId, (made.get(connectionId) ?? 0) + 1);
  return made;
}
