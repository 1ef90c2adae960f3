const LONGEST_STALL_MS = 200;
/** How many times the heap of the first round the last one's may be. */
const MOST_HEAP = 1.5;
/** Timers that may be left over those of the first round: of caches, which come and go. */
const MOST_TIMERS = 5;

/** What an attack has shown, with its bounds. */
export function printAttack({ campaign, loads, polite, baseline, heapMb, left }, families, report) {
  report.heading(`Hostile documents and bodies: ${campaign.sent.toLocaleString("en")} requests`);
  report.table(
    [
      "family",
      "requests",
      "answers",
      "largest answer, kB",
      "CPU per request, ms",
      "longest stall, ms",
      "bound",
      "",
      "under way then",
    ],
    families.map(({ name }) => {
      const { sent = 0, kinds = new Map(), largestAnswer = 0 } = campaign.tallies.get(name) ?? {};
      const { cpuMs, stall } = loads.get(name);
      return [
        name,
        sent,
        [...kinds]
          .toSorted(([, one], [, other]) => other - one)
          .map(([kind, count]) => `${kind} ${count}`)
          .join(", "),
        (largestAnswer / 1024).toFixed(0),
        (cpuMs / Math.max(1, sent)).toFixed(1),
        stall.ms.toFixed(0),
        `≤ ${LONGEST_STALL_MS}`,
        report.verdict(`longest stall of ${name}, ms`, stall.ms, LONGEST_STALL_MS),
        stall.ms > LONGEST_STALL_MS ? stall.requests.join(", ") : "",
      ];
    }),
  );
  const failures = [...loads.values()].reduce((sum, one) => sum + one.failures, 0);
  const growth = heapMb / baseline.heapMb;
  report.text("");
  report.table(
    ["", "", "bound", ""],
    [
      ["ends and hangs of the process", failures, "0", report.verdict("ends and hangs of the process", failures, 0)],
      [
        "kinds of complaints",
        campaign.complaints.size,
        "0",
        report.verdict("kinds of complaints", campaign.complaints.size, 0),
      ],
      [
        `wrong answers to the polite tenant, of ${polite.asked}`,
        polite.wrong.length,
        "0",
        report.verdict("wrong answers to the polite tenant", polite.wrong.length, 0),
      ],
      ["the polite tenant’s longest wait, ms", polite.slowestMs.toFixed(0), "", ""],
      [
        `heap after the last round ÷ after round ${baseline.round + 1} (${baseline.heapMb.toFixed(0)} MB)`,
        growth.toFixed(2),
        `≤ ${MOST_HEAP}`,
        report.verdict("growth of the heap", growth, MOST_HEAP),
      ],
      ["connections of callers left open", left.callers, "0", report.verdict("connections left open", left.callers, 0)],
      [
        `timers left over those of round ${baseline.round + 1}`,
        left.timers - baseline.timers,
        `≤ ${MOST_TIMERS}`,
        report.verdict("timers left", left.timers - baseline.timers, MOST_TIMERS),
      ],
    ],
  );
  report.heading("Complaints");
  for (const line of campaign.describe()) report.text(`- ${line}`);
  for (const answer of new Set(polite.wrong.slice(0, 5))) report.text(`- the polite tenant was answered: ${answer}`);
  if (campaign.complaints.size + polite.wrong.length === 0) report.text("None.");
}
