import { parseJson } from "../dist/upstream/long-number.js";
import { median, middleHalf } from "./statistics.js";

const BOUND = 1.25;
const asText = (digits) => digits;

/**
 * (g) Reading a page of 100 contacts as crmesh does, against JSON.parse alone: without long numbers, with ids of 19 digits in
 * strings, and with one long number, for whose sake the whole page is read with its source text.
 */
export async function measureJson(_stage, report, { rounds, pages }) {
  const cases = [
    ["no long digits", page({}), BOUND],
    ["ids of 19 digits in strings", page({ owner: { id: "4150868000000225013" } }), BOUND],
    ["one number of 18 digits on the page", page({}).replace('"score":0', '"score":123456789012345678'), null],
  ];
  const rows = cases.map(([name, text, bound]) => {
    const ratios = [];
    const readers = [(json) => JSON.parse(json), (json) => parseJson(json, asText)];
    for (let round = -Math.ceil(rounds / 4); round < rounds; round += 1) {
      const times = [0, 0];
      for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) times[index] = timeOf(readers[index], text, pages);
      if (round >= 0) ratios.push(times[1] / times[0]);
    }
    const ratio = median(ratios);
    const verdict = bound === null ? ["–", ""] : [`≤ ${bound}`, report.verdict(`(g) JSON with ${name}`, ratio, bound)];
    return [name, `${Math.round(text.length / 1024)} KiB`, ratio.toFixed(2), middleHalf(ratios, 2), ...verdict];
  });
  report.heading("(g) Reading a page of 100 contacts, against JSON.parse alone");
  report.table(["", "size", "crmesh ÷ JSON.parse", "middle half", "bound", ""], rows);
}

function timeOf(read, text, pages) {
  const start = process.hrtime.bigint();
  for (let count = 0; count < pages; count += 1) read(text);
  return Number(process.hrtime.bigint() - start);
}

/** Contacts as a CRM's JSON has them, each with about 20 fields. */
function page(more) {
  const contacts = Array.from({ length: 100 }, (_, index) => ({
    id: String(91_000_000_000 + index),
    score: index,
    amount: index * 12.5,
    properties: {
      firstname: `Ann ${index}`,
      lastname: "Lee-Müller",
      email: `ann.${index}@customer.example`,
      phone: `+1 617 555 ${1000 + index}`,
      jobtitle: "VP Engineering",
      company: "Umbrella & Sons",
      address: "Main St 1, Back door",
      city: "Boston",
      zip: "02108",
      country: "United States",
      lifecyclestage: "marketingqualifiedlead",
      description: "Asked for a quote – wants it soon. ".repeat(4),
      website: "https://customer.example/about",
      createdate: "2026-06-10T09:30:00.123Z",
      lastmodifieddate: "2026-11-23T18:00:00.000Z",
    },
    createdAt: 1_781_083_800_123,
    archived: false,
    ...more,
  }));
  return JSON.stringify({ results: contacts, paging: { next: { after: "100" } } });
}
