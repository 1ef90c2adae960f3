/**
 * How long crmesh takes to be ready, and how much memory it takes: as `npm start` runs it, from an empty folder, and again.
 * With CRMESH_TEST_DATABASE_URL also with PostgreSQL and without the sandbox. Memory is read from /proc, so on Linux only.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const READY = /^crmesh is ready: (\S+)/m;
const EXAMPLE = /^curl (\S+) -H .*?-d '(.+?)'$/ms;
const STEADY = { queries: 200, idleMs: 3_000 };
/** Seconds and MB. */
const BOUNDS = { first: 10, second: 5, peak: 550, steady: 430, postgres: 160 };

export async function measureStart(report) {
  report.heading("start: time until the server is ready, and memory");
  // Inside node_modules, so that the built program finds its dependencies.
  const built = await mkdtemp(join(ROOT, "node_modules/.crmesh-bench-"));
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-bench-"));
  const rows = [];
  const add = (name, run, bounds) => {
    const cell = (value, key, unit) => {
      const bound = bounds[key];
      const verdict =
        bound === undefined ? "" : ` (at most ${bound}: ${report.verdict(`start, ${name}, ${key}`, value, bound)})`;
      return `${unit === "s" ? value.toFixed(1) : Math.round(value)} ${unit}${verdict}`;
    };
    rows.push([
      name,
      cell(run.seconds, "seconds", "s"),
      cell(run.peak, "peak", "MB"),
      cell(run.steady, "steady", "MB"),
    ]);
  };
  try {
    const embedded = { CRMESH_DATA_DIR: dataDir };
    const memory = { peak: BOUNDS.peak, steady: BOUNDS.steady };
    add("first start, embedded store and sandbox", await start(built, embedded), { ...memory, seconds: BOUNDS.first });
    add("second start, embedded store and sandbox", await start(built, embedded), {
      ...memory,
      seconds: BOUNDS.second,
    });
    const { CRMESH_TEST_DATABASE_URL: url } = process.env;
    if (url) {
      const key = randomBytes(32).toString("base64");
      const postgres = { DATABASE_URL: url, CRMESH_ENCRYPTION_KEY: key, CRMESH_SANDBOX: "off" };
      add("PostgreSQL, no sandbox", await start(built, postgres), { seconds: BOUNDS.second, peak: BOUNDS.postgres });
    }
  } finally {
    await rm(built, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
  report.table(["", "ready after", "peak until ready", `after ${STEADY.queries} queries`], rows);
}

/** Builds and starts, as `npm start` does. Returns seconds until ready, and MB. */
async function start(built, environment) {
  const began = performance.now();
  await finished(launch([join(ROOT, "build.js"), "--out", built], {}));
  const server = launch([join(built, "cli/main.js"), "serve"], { PORT: "0", ...environment });
  try {
    const banner = await bannerOf(server);
    const seconds = (performance.now() - began) / 1000;
    const peak = await memoryOf(server, "VmHWM");
    await askOften(banner);
    return { seconds, peak, steady: await memoryOf(server, "VmRSS") };
  } finally {
    server.kill();
    await finished(server).catch(() => {});
  }
}

function launch(args, environment) {
  return spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function finished(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`A process ended with status ${code}.`))));
  });
}

/** What the server writes until it has said all of its banner. */
async function bannerOf(server) {
  let text = "";
  for await (const chunk of server.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (READY.test(text)) break;
  }
  server.stdout.resume();
  return text;
}

/** Sends the banner's example query, if it has one, and lets the process rest. */
async function askOften(banner) {
  const [, url, body] = EXAMPLE.exec(banner) ?? [];
  const headers = {
    "Content-Type": "application/json",
    Authorization: "Bearer sk_test_demo",
    "X-End-User-Id": "demo",
  };
  for (let sent = 0; url && sent < STEADY.queries; sent += 1) {
    const response = await fetch(url, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`The example query was answered with HTTP ${response.status}.`);
    await response.arrayBuffer();
  }
  await sleep(STEADY.idleMs);
}

/** A figure of /proc/<pid>/status in MB. */
async function memoryOf({ pid }, name) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)[1]) / 1024;
}
