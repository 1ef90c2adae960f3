import { startLateCrms } from "./late-crms.js";
import { median } from "./statistics.js";

const BOUND = 1.3;
const FIELDS = { contact: "fullName", lead: "createdAt", meeting: "title" };

/**
 * (e) One query over all CRMs against the slowest of them alone, while every answer of every CRM comes 1.5 seconds late: what
 * waits for one CRM must not wait for another.
 */
export async function measureFanOut({ start }, report, { rounds }) {
  const { slugs, resources, timed, close } = await startLateCrms(start);
  const all = `{ connections { ${pages(Object.keys(FIELDS), "")} } }`;
  const alone = (slug) => `{ ${pages(resources[slug], `provider: "${slug}", `)} }`;

  // What is read once and then kept for minutes is not part of what a query costs.
  await timed(all);
  const times = { all: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const slug of slugs) (times[slug] ??= []).push((await timed(alone(slug))).ms);
    times.all.push((await timed(all)).ms);
  }
  await close();

  const [[slowest, slowestMs]] = slugs
    .map((slug) => [slug, median(times[slug])])
    .sort(([, one], [, other]) => other - one);
  const ratio = median(times.all) / slowestMs;
  report.heading(`(e) One query over ${slugs.length} CRMs, every answer of which is 1.5 s late`);
  report.table(
    ["", "median, ms"],
    [
      [`all ${slugs.length}: contacts, leads and meetings`, median(times.all).toFixed(0)],
      ...slugs.map((slug) => [`${slug} alone`, median(times[slug]).toFixed(0)]),
    ],
  );
  report.text("");
  report.table(
    [`all ÷ ${slowest} alone, the slowest`, "bound", ""],
    [[ratio.toFixed(2), `≤ ${BOUND}`, report.verdict("(e) fan-out", ratio, BOUND)]],
  );
}

function pages(resources, provider) {
  return resources.map((resource) => `${resource}s(${provider}first: 20) { nodes { ${FIELDS[resource]} } }`).join(" ");
}
