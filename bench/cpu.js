import { contest, ratiosOf } from "./contest.js";
import { startContestants } from "./peers/contestants.js";
import { assertSameData } from "./peers/same-data.js";
import { median, middleHalf } from "./statistics.js";

const BOUND = 1.3;

/**
 * (c) CPU of 50 meetings with their attendees' contacts at HubSpot, against the same by hand: one process of each, for a quick
 * look. `peers.js` compares more servers, more operations and several processes of each.
 */
export async function measureCpu(stage, report, sizes) {
  const contestants = await startContestants(stage, ["handWritten"]);
  await assertSameData(stage, contestants, ["meetings"]);
  const loaded = Object.values(contestants).map(({ server, client, bodies }) => {
    const body = JSON.stringify(bodies.meetings());
    return { server, post: () => client.post(body) };
  });
  const [ours, byHand] = await contest(loaded, sizes);
  contestants.handWritten.client.close();

  const ratios = ratiosOf(ours, byHand);
  const ratio = median(ratios);
  report.heading("(c) CPU of 50 meetings with their attendees’ contacts at HubSpot");
  report.table(
    ["", "median per query, ms", "middle half of the rounds, ms"],
    [
      ["crmesh", median(ours).toFixed(2), middleHalf(ours, 2)],
      ["hand-written Apollo + DataLoader + got", median(byHand).toFixed(2), middleHalf(byHand, 2)],
    ],
  );
  report.text("");
  report.table(
    ["crmesh ÷ hand-written, median of the rounds", "middle half", "bound", ""],
    [[ratio.toFixed(2), middleHalf(ratios, 2), `≤ ${BOUND}`, report.verdict("(c) CPU of 50 meetings", ratio, BOUND)]],
  );
}
