import http from "node:http";
import { CallBound } from "../dist/upstream/call-bound.js";
import { UpstreamClient } from "../dist/upstream/upstream-client.js";
import { quantile } from "./statistics.js";

const BOUND = 2;
const SLOW_MS = 2_000;
const FAST_MS = 20;
const CONNECTIONS = 8;
const CALLS_PER_CONNECTION = 10;

/**
 * (h) Calls of workspace B to a CRM, alone and while workspace A keeps 80 calls of 2 s under way to the same CRM over eight
 * connections.
 */
export async function measureFairShares(report, { calls }) {
  const server = http.createServer((request, response) => {
    setTimeout(
      () => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
      request.url === "/slow" ? SLOW_MS : FAST_MS,
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const client = new UpstreamClient();
  const alone = await timesOf(client, origin, calls);
  const state = { ended: false };
  const ofA = Array.from({ length: CONNECTIONS * CALLS_PER_CONNECTION }, (_, index) =>
    keepCalling(client, `${origin}/slow`, `a${index % CONNECTIONS}`, state),
  );
  const beside = await timesOf(client, origin, calls);
  state.ended = true;
  await Promise.all(ofA);
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));

  const [p99Alone, p99Beside] = [alone, beside].map((times) => quantile(times, 0.99));
  const ratio = p99Beside / p99Alone;
  report.heading("(h) Calls of one workspace, while another keeps 80 calls of 2 s under way to the same CRM");
  report.table(
    ["", "p99, ms"],
    [
      ["B alone", p99Alone.toFixed(1)],
      ["B beside A", p99Beside.toFixed(1)],
    ],
  );
  report.text("");
  report.table(
    ["beside ÷ alone", "bound", ""],
    [[ratio.toFixed(2), `≤ ${BOUND}`, report.verdict("(h) fair shares", ratio, BOUND)]],
  );
}

async function timesOf(client, origin, calls) {
  const times = [];
  for (let call = 0; call < calls; call += 1) {
    const startedAt = performance.now();
    await send(client, `${origin}/fast`, { workspaceId: "b", connectionId: "b" });
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** Begins a call whenever the one before has ended. */
async function keepCalling(client, url, connectionId, state) {
  while (!state.ended) await send(client, url, { workspaceId: "a", connectionId });
}

const TRAITS = { classify: () => null, countRecords: () => undefined, rateRules: [] };

function send(client, url, { workspaceId, connectionId }) {
  const owner = { workspaceId, endUserId: connectionId, connectionId, paceKey: connectionId, circuitKey: connectionId };
  const bound = new CallBound({ deadline: Infinity });
  const call = {
    provider: "bench",
    ...owner,
    originKey: "bench",
    bound,
    remember: false,
    paced: false,
    allowPrivateHosts: true,
  };
  return client.send({ method: "GET", url, safe: true }, call, TRAITS);
}
