import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import * as semantics from "@opentelemetry/semantic-conventions/incubating";
import { METRICS } from "../../src/observability/telemetry/metrics.js";
import { prometheusName } from "../../src/observability/telemetry/sdk/prometheus-text.js";
import { TELEMETRY_VARIABLES } from "../../src/observability/telemetry/settings.js";

const KINDS = { counter: "counter", total: "counter", gauge: "gauge", sum: "other", histogram: "other" } as const;
const DOC = "docs/telemetry.md";
/** Labels that Prometheus itself adds, and those of `target_info`. */
const COMMON_LABELS = ["instance", "job", "le", "service_name", "service_version"];

const underscored = (name: string) => name.replaceAll(".", "_");
const definitions = Object.values(METRICS).map((metric) => ({
  ...metric,
  prometheus: prometheusName(metric.name, metric.unit, KINDS[metric.kind]),
}));
/** Name in a query → labels. Those that are not crmesh's own have none. */
const queryable = new Map<string, readonly string[]>([
  ["up", []],
  ["target_info", []],
  ...definitions.flatMap(({ prometheus, kind, labels }) => {
    const names = kind === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => prometheus + end) : [prometheus];
    return names.map((name): [string, readonly string[]] => [name, labels.map(underscored)]);
  }),
]);

/** The metrics and the labels that a query names. */
function namesIn(query: string): { metrics: string[]; labels: string[] } {
  const labels: string[] = [];
  const bare = query
    .replace(/"[^"]*"/g, '""')
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\{([^}]*)\}/g, (_, matchers: string) => {
      labels.push(...matchers.split(",").map((matcher) => /^\s*(\w+)/.exec(matcher)![1]!));
      return "";
    })
    .replace(/\b(by|without|on|ignoring)\s*\(([^)]*)\)/g, (_all, _word, list: string) => {
      labels.push(...list.split(",").map((label) => label.trim()));
      return "";
    });
  const metrics = [...bare.matchAll(/(?<![\w$.])([a-zA-Z_:][\w:]*)(?!\w|\s*\()/g)].map(([, name]) => name!);
  return { metrics: metrics.filter((name) => !["and", "or", "unless"].includes(name)), labels };
}

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

async function dashboardQueries(): Promise<[where: string, query: string][]> {
  const { panels, templating } = JSON.parse(await readFile("examples/monitoring/grafana-dashboard.json", "utf8")) as {
    panels: Panel[];
    templating: { list: { name: string; query: string | { query: string } }[] };
  };
  const variables = templating.list.flatMap(({ name, query }): [string, string][] => {
    const [, metric, label] =
      /^label_values\((\w+), (\w+)\)$/.exec(typeof query === "string" ? query : query.query) ?? [];
    return metric === undefined ? [] : [[name, `sum by (${label}) (${metric})`]];
  });
  return [
    ...variables,
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }): [string, string] => [title, expr])),
  ];
}

async function alertQueries(): Promise<[alert: string, query: string][]> {
  const text = await readFile("examples/monitoring/alerts.yml", "utf8");
  return text
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((rule) => {
      const expression = /^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.+)\n)/m.exec(rule)!;
      return [rule.split("\n")[0]!, expression[1] ?? expression[2]!];
    });
}

describe("examples/monitoring", () => {
  test("names of metrics and labels are found in queries", () => {
    const query = `histogram_quantile(0.9, sum by (le, a) (rate(x_bucket{b="c", d=~"e|f"}[5m]))) / 2 > y_total and z or vector(0)`;
    expect(namesIn(query)).toEqual({ metrics: ["x_bucket", "y_total", "z"], labels: ["b", "d", "le", "a"] });
  });

  test.each([
    ["the dashboard", dashboardQueries, 30],
    ["the alert rules", alertQueries, 15],
  ])("%s names only metrics and labels that exist", async (_, read, least) => {
    const queries = await read();
    expect(queries.length).toBeGreaterThanOrEqual(least);
    for (const [where, query] of queries) {
      const { metrics, labels } = namesIn(query);
      expect([where, metrics.length > 0]).toEqual([where, true]);
      expect([where, metrics.filter((name) => !queryable.has(name))]).toEqual([where, []]);
      const known = [...COMMON_LABELS, ...metrics.flatMap((name) => queryable.get(name)!)];
      expect([where, labels.filter((label) => !known.includes(label))]).toEqual([where, []]);
    }
  });

  test("the dashboard shows every metric", async () => {
    const shown = new Set((await dashboardQueries()).flatMap(([, query]) => namesIn(query).metrics));
    const missing = definitions.filter(({ prometheus }) => ![...shown].some((name) => name.startsWith(prometheus)));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

describe(DOC, () => {
  test("has a row for each metric, as the code has it", async () => {
    const rows = rowsOf(await readFile(DOC, "utf8"), "metric");
    const expected = definitions.map(({ name, prometheus, kind, unit, labels, description, ...rest }) => {
      const tenant = "tenant" in rest ? rest.tenant.map((label) => `(\`crmesh.${label}.id\`)`) : [];
      const all = [...labels.map((label) => `\`${label}\``), ...tenant];
      return [`\`${name}\``, `\`${prometheus}\``, kind, unit, all.join(", "), description];
    });
    expect(rows).toEqual(expected);
  });

  test("names each variable that crmesh reads", async () => {
    const text = await readFile(DOC, "utf8");
    expect(Object.keys(TELEMETRY_VARIABLES).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

test("names without `crmesh.` are those of the semantic conventions", () => {
  const known = new Set<unknown>(Object.values(semantics));
  const names = definitions
    .flatMap(({ name, labels }) => [name, ...labels])
    .filter((name) => !name.startsWith("crmesh."));
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

/** The cells of the table whose first heading is this. */
function rowsOf(markdown: string, heading: string): string[][] {
  const lines = markdown.split("\n");
  const from = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  const to = lines.findIndex((line, index) => index > from && !line.startsWith("|"));
  return lines.slice(from + 2, to).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("\\|", "|")),
  );
}
