import http from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contest, ratiosOf } from "./contest.js";
import { meetingsWithContacts } from "./operations.js";
import { startCrmesh } from "./stage.js";
import { median, middleHalf } from "./statistics.js";

/**
 * (i) CPU of the operation of (c) with metrics, and with metrics and traces, against crmesh without either. The collector in
 * this process takes everything.
 */
export async function measureTelemetry({ sandbox, crmesh, client, start }, report, sizes) {
  const collector = http.createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
  });
  await new Promise((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${collector.address().port}`;
  const folders = [];
  const started = async (environment) => {
    const dataDir = await mkdtemp(join(tmpdir(), "crmesh-bench-"));
    folders.push(dataDir);
    return startCrmesh(start, sandbox, { dataDir, environment });
  };
  const body = JSON.stringify(meetingsWithContacts("hubspot"));
  const contestant = (name, server, asker) => ({ name, server, post: () => asker.post(body) });
  const metrics = await started({ CRMESH_METRICS_PORT: "0" });
  const all = await started({ CRMESH_METRICS_PORT: "0", OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  const contestants = [
    contestant("without", crmesh, client),
    contestant("metrics for Prometheus", metrics.crmesh, metrics.client),
    contestant("the same, and metrics and traces for a collector", all.crmesh, all.client),
  ];
  let measured;
  try {
    measured = await contest(contestants, sizes);
  } finally {
    metrics.client.close();
    all.client.close();
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }

  const [without] = measured;
  report.heading("(i) CPU of the operation of (c), with and without telemetry");
  report.table(
    ["", "median per query, ms", "÷ without, median of the rounds", "middle half"],
    contestants.map(({ name }, index) => {
      const ratios = ratiosOf(measured[index], without);
      return [name, median(measured[index]).toFixed(2), median(ratios).toFixed(2), middleHalf(ratios, 2)];
    }),
  );
}
