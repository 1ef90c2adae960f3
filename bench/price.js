import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../dist/config.js";
import { DEMO_KEY } from "../dist/demo.js";
import { providers } from "../dist/providers/index.js";
import { startSandbox } from "../dist/sandbox/public.js";
import { startServer } from "../dist/server.js";
import { CREATE_CONNECTION, UPSERT_END_USER } from "./operations.js";
import { comparePrices } from "./price/proof.js";
import { median, quantile } from "./statistics.js";

/** The account in which pages of linked records are full. */
const ACCOUNT = "dense";
const BOUND = 1.5;

/**
 * (price) Prices of random operations against the calls that they make. Set from outside: PRICE_SEED, PRICE_OPERATIONS.
 */
export async function measurePrices(report, environment = process.env) {
  const seed = environment.PRICE_SEED ?? "sample";
  const count = Number(environment.PRICE_OPERATIONS ?? 2_000);
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-bench-"));
  const sandbox = await startSandbox();
  const server = await startServer(
    readConfig(
      { PORT: "0", CRMESH_DATA_DIR: dataDir, CRMESH_LOG_LEVEL: "silent", CRMESH_RATE_LIMIT: "1000000" },
      providers,
    ),
    { sandbox },
  );
  const send = async (body, headers) => {
    const given = { authorization: `Bearer ${DEMO_KEY}`, "content-type": "application/json", ...headers };
    // An operation beyond a bound is answered with 400.
    const answer = await fetch(`${server.origin}/graphql`, {
      method: "POST",
      headers: given,
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  try {
    const compared = await comparePrices(
      {
        resources: resourcesOf(providers),
        async connect(endUserId, provider) {
          const given = sandbox.credentials(provider, ACCOUNT);
          const names = providers.get(provider).credentialFields.map(({ name }) => name);
          const credentials = Object.fromEntries(
            names.filter((name) => name in given).map((name) => [name, given[name]]),
          );
          await send({ query: UPSERT_END_USER, variables: { id: endUserId } }, {});
          await send({ query: CREATE_CONNECTION, variables: { endUserId, provider, credentials } }, {});
        },
        ask: (query, endUserId, headers) => send({ query }, { ...headers, "x-end-user-id": endUserId }),
      },
      { seed, count },
    );
    print(report, compared, seed);
  } finally {
    await server.close();
    await sandbox.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function resourcesOf({ all }) {
  return Object.fromEntries(
    all.map(({ slug, resources }) => [
      slug,
      Object.fromEntries(Object.entries(resources).map(([name, { map }]) => [name, Object.keys(map.orders)])),
    ]),
  );
}

function print(report, compared, seed) {
  const ratios = (chosen) => chosen.filter(({ calls }) => calls > 0).map(({ price, calls }) => price / calls);
  const row = (name, chosen) => [
    name,
    chosen.length,
    median(ratios(chosen)).toFixed(2),
    quantile(ratios(chosen), 0.9).toFixed(2),
  ];
  const alone = Map.groupBy(
    compared.filter((one) => one.providers.length === 1 && one.calls > 0),
    (one) => one.providers[0],
  );
  report.heading(`Prices of ${compared.length} random operations (PRICE_SEED=${seed})`);
  report.table(
    ["", "operations", "median price ÷ calls", "p90"],
    [row("all", compared), ...[...alone].map(([slug, own]) => row(slug, own))],
  );
  const exceeded = compared.filter((one) => one.exceeded.length > 0 || one.held.length > 0);
  for (const { index, query, price, calls } of exceeded) report.text(`\n${index}: ${calls} of ${price}: ${query}`);
  report.text("");
  report.table(
    ["", "", "bound", ""],
    [
      ["operations beyond their price", exceeded.length, "≤ 0", report.verdict("(price) exceeded", exceeded.length, 0)],
      [
        "median",
        median(ratios(compared)).toFixed(2),
        `≤ ${BOUND}`,
        report.verdict("(price) median", median(ratios(compared)), BOUND),
      ],
    ],
  );
}
