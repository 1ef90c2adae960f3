import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CrmConnections } from "../../support/crm-connections.js";
import { subjectOf } from "../subjects.js";
import type { ContractSubject, NativeClient } from "../subject.js";
import { cleanUp } from "./clean-up.js";
import { Ledger } from "./ledger.js";
import { targetOf } from "./live-crm.js";
import { linesOf, reportOf, type JestResults } from "./report.js";
import { liveSettings, redactor, type LiveSettings } from "./settings.js";

/**
 * `npm run test:live -- <slug> [-t <pattern>]`: runs the contract suite in a real account that is set apart for tests, and
 * removes everything that it made. It is the parent of the process that runs the cases, so that it also cleans up after
 * Ctrl-C and after a crash of that process.
 */

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const JEST = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", "node_modules/jest/bin/jest.js"];

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { t: { type: "string", short: "t" } } });
  const [slug] = positionals;
  if (slug === undefined) throw new Error("Name the CRM: npm run test:live -- <slug>.");
  const subject = await subjectOf(slug);
  const settings = liveSettings(subject.provider, process.env);
  const redact = redactor(settings.secrets);
  const say = (text: string) => void process.stdout.write(`${redact(text)}\n`);
  try {
    const where = `${subject.provider.name} at ${new URL(targetOf(subject, settings.credentials)("/")).host}`;
    for (const left of Ledger.left(where)) await clean(subject, settings, left, say);
    const mark = `crmesh${randomInt(36 ** 5).toString(36)}x`;
    const ledger = Ledger.begin(where, mark);
    say(`The texts of the records of this run have the mark ${mark}. Ctrl-C ends the run and removes them.`);
    const results = await runCases(slug, ledger, values.t, say);
    const isClean = await clean(subject, settings, ledger, say);
    if (!results) {
      say("The run was ended before its cases were done.");
      return 130;
    }
    const report = reportOf(results);
    for (const line of linesOf(report, where)) say(line);
    return report.failed.length === 0 && report.broken === null && isClean ? 0 : 1;
  } catch (error) {
    // What a CRM's own client throws may hold the request, with its credential.
    say(error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error));
    return 1;
  }
}

/** Null if the run was ended from outside. */
async function runCases(
  slug: string,
  ledger: Ledger,
  pattern: string | undefined,
  say: (text: string) => void,
): Promise<JestResults | null> {
  const folder = mkdtempSync(join(tmpdir(), "crmesh-live-"));
  const output = join(folder, "results.json");
  const chosen = pattern === undefined ? [] : ["-t", pattern];
  const child = spawn(
    process.execPath,
    [...JEST, "--config", "jest.live.config.js", "--runInBand", "--json", "--outputFile", output, ...chosen],
    {
      cwd: ROOT,
      // A group of its own: Ctrl-C in the terminal reaches only this process, which then ends the other one and cleans up.
      detached: true,
      env: { ...process.env, CRMESH_LIVE_RUN_SLUG: slug, CRMESH_LIVE_RUN_LEDGER: ledger.file },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    },
  );
  const stop = () => void child.kill("SIGKILL");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  createInterface({ input: child.stderr! }).on("line", say);
  try {
    const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (_code, how) => resolve(how));
    });
    return signal === null ? (JSON.parse(readFileSync(output, "utf8")) as JestResults) : null;
  } finally {
    // Signals are heard until the records are removed: a second Ctrl-C must not leave them.
    rmSync(folder, { recursive: true });
  }
}

/** False if records are left. Their ledger stays, and the next run tries again. */
async function clean(
  subject: ContractSubject,
  settings: LiveSettings,
  ledger: Ledger,
  say: (text: string) => void,
): Promise<boolean> {
  const client = await openNative(subject, settings);
  const { removed, left } = await cleanUp(subject, client, ledger);
  say(`Removed ${removed} records with the mark ${ledger.mark}.`);
  for (const one of left) say(`  still there: ${one}`);
  if (left.length === 0) ledger.end();
  else say("The next run tries to remove them again.");
  return left.length === 0;
}

async function openNative(subject: ContractSubject, { credentials, oauthClient }: LiveSettings): Promise<NativeClient> {
  const { provider } = subject;
  const origin = targetOf(subject, credentials)("/");
  const connections = new CrmConnections({ provider, origin, environment: "live", oauthClient });
  try {
    const { exchange } = connections.connect(credentials);
    return await subject.openNative(origin, (await provider.verify(exchange, credentials)).credentials);
  } finally {
    await connections.close();
  }
}

process.exitCode = await main();
