import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { startSandboxServer } from "../../../src/sandbox/kit/server.js";
import type { Ground } from "../ground.js";
import { cleanUp } from "../live/clean-up.js";
import { Ledger } from "../live/ledger.js";
import { openLiveCrm, targetOf } from "../live/live-crm.js";
import { seedsOf, type Seeds } from "../live/seeds.js";
import { liveSettings, redactor, variableOf, type LiveSettings } from "../live/settings.js";
import { adapterOf } from "../stage/adapter.js";
import { READ_ACCOUNT, stageBefore, WRITE_ACCOUNT } from "../stage/stage.js";
import { subjectOf } from "../subjects.js";
import { resourceOf, type ContractSubject } from "../subject.js";
import { compare, type Performance } from "./compare.js";
import { perform } from "./operations.js";
import { linesOf } from "./print.js";

/**
 * `npm run sandbox:diff -- <slug> [--url <address>]`: runs the operations of the adapter at a real server and at its sandbox,
 * and compares the answers to each kind of request. It makes its own records at both, and removes them from the real one.
 */

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { url: { type: "string" } } });
  const [slug] = positionals;
  if (slug === undefined) throw new Error("Name the CRM: npm run sandbox:diff -- <slug> --url <address>.");
  const subject = await subjectOf(slug);
  const settings = liveSettings(subject.provider, environmentWith(subject, values.url));
  const redact = redactor(settings.secrets);
  const say = (text: string) => void process.stdout.write(`${redact(text)}\n`);
  let code = 1;
  try {
    code = await compareServers(subject, settings, say);
  } catch (error) {
    // What a CRM's own client throws may hold the request, with its credential.
    say(error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error));
  }
  return code;
}

/** The address of the command line takes the place of the one in the environment. */
function environmentWith({ provider }: ContractSubject, url: string | undefined): NodeJS.ProcessEnv {
  if (url === undefined) return process.env;
  const field = provider.credentialFields.find(({ name }) => /url$|domain$/i.test(name));
  if (!field) throw new Error(`${provider.name} has one address for everybody: leave out --url.`);
  return { ...process.env, [variableOf(provider, field.name)]: url };
}

async function compareServers(
  subject: ContractSubject,
  settings: LiveSettings,
  say: (text: string) => void,
): Promise<number> {
  const { provider, sandbox } = subject;
  const where = `${provider.name} at ${new URL(targetOf(subject, settings.credentials)("/")).host}`;
  const seeds = await seedsOf(subject);
  const real = await performAt(subject, settings, seeds, where, say);
  const server = await startSandboxServer(sandbox);
  try {
    const own = { credentials: atSandbox(subject, server.origin), oauthClient: null, secrets: [] };
    const imitated = await performAt({ ...subject, provider: movedTo(subject, server.origin) }, own, seeds, null, say);
    const comparison = compare(real, imitated, sandbox.differences ?? [], subject.kindOf);
    for (const line of linesOf(comparison, where, sandbox.imitates)) say(line);
    return comparison.differences.every(({ accepted }) => accepted !== null) ? 0 : 1;
  } finally {
    await server.close();
  }
}

function atSandbox({ sandbox }: ContractSubject, origin: string): Record<string, string> {
  return sandbox.credentials(READ_ACCOUNT, origin, Date.now());
}

/** The provider whose API is the sandbox, also if the vendor has one address for everybody. */
function movedTo({ provider }: ContractSubject, origin: string): ContractSubject["provider"] {
  return { ...provider, origin: (_credentials, override) => override ?? origin };
}

/** @param where the real account, whose records are removed afterwards; null for a sandbox, which ends with them */
async function performAt(
  subject: ContractSubject,
  settings: LiveSettings,
  seeds: Seeds,
  where: string | null,
  say: (text: string) => void,
): Promise<Performance[]> {
  const ledger = Ledger.begin(where ?? "sandbox", `crmesh${randomInt(36 ** 5).toString(36)}x`);
  const stopped = new AbortController();
  // Each record that is made looks at it, so that Ctrl-C leads to the removal at once.
  const stop = () => stopped.abort(new Error("The comparison was ended."));
  const signals = ["SIGINT", "SIGTERM"] as const;
  if (where !== null) for (const signal of signals) process.on(signal, stop);
  try {
    const crm = await openLiveCrm({ subject, settings, ledger, seeds, signal: stopped.signal });
    const stage = await stageBefore(crm, subject);
    try {
      const seeded = await stage.fresh();
      const writer = stage.connect({ account: WRITE_ACCOUNT });
      const contacts = adapterOf(subject.provider, "contact");
      const { minimal } = resourceOf(subject, "contact");
      const fresh = { ...seeded, bareContact: await contacts.create!(writer.context, minimal(seeded)) };
      const ground: Ground = {
        stage,
        world: await stage.makeWorld(READ_ACCOUNT),
        reader: stage.connect({ account: READ_ACCOUNT }),
        writer,
        fresh,
        make: (resource) =>
          adapterOf(subject.provider, resource).create!(writer.context, resourceOf(subject, resource).minimal(fresh)),
      };
      return await perform(subject, ground, stopped.signal);
    } finally {
      await stage.close();
    }
  } finally {
    if (where === null) ledger.end();
    else {
      const origin = targetOf(subject, settings.credentials)("/");
      const { removed, left } = await cleanUp(subject, await subject.openNative(origin, settings.credentials), ledger);
      say(`Removed ${removed} records with the mark ${ledger.mark}.`);
      for (const one of left) say(`  still there: ${one}`);
      if (left.length === 0) ledger.end();
      for (const signal of signals) process.off(signal, stop);
    }
  }
}

process.exitCode = await main();
