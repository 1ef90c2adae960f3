import type { Config } from "../../config.js";
import { providers } from "../../providers/index.js";
import { StoreInUseError } from "../../store/lock-file.js";
import { print, printJson, type CommandContext } from "../command-context.js";
import { EXIT } from "../exit-codes.js";
import { clockFinding } from "./clock.js";
import type { Finding } from "./finding.js";
import { checkDisk, checkNode } from "./machine.js";
import { checkOAuthClients } from "./oauth-clients.js";
import { checkSettings } from "./settings.js";
import { checkOpenStore, checkStore, failureOf, type StoreFindings } from "./store.js";

/**
 * Checks what crmesh needs, and prints for each finding what to do. Changes nothing. If a server has the data folder open,
 * the checks run there, with its settings. The exit code is 1 if a check failed.
 */
export async function doctor(context: CommandContext, { json }: { json?: true }): Promise<void> {
  const { config, findings: settings } = checkSettings(context.environment);
  const findings = [checkNode(), ...settings];
  if (config !== null) {
    const store = await storeFindings(context, config);
    // The server has run the checks.
    if (store === null) return;
    const oauth = await checkOAuthClients(config, providers.all);
    const clock = clockFinding([...store.clocks, ...oauth.clocks]);
    const disk = config.databaseUrl === undefined ? [await checkDisk(config.dataDir)] : [];
    findings.push(...store.findings, clock, ...disk, ...oauth.findings);
  }
  const failed = findings.filter(({ status }) => status === "failed").length;
  if (json) printJson(context, { ok: failed === 0, findings });
  else print(context, `${findings.map(linesOf).join("\n")}\n\n${summaryOf(failed)}`);
  if (failed > 0) context.exitCode = EXIT.refused;
}

/** Null if a server has run the whole command. */
async function storeFindings(context: CommandContext, config: Config): Promise<StoreFindings | null> {
  if (context.opened !== null) return checkOpenStore(context.opened);
  try {
    return await checkStore(config);
  } catch (error) {
    if (!(error instanceof StoreInUseError)) throw error;
    return (await context.runInServer(config.dataDir)) ? null : { findings: [failureOf(error)], clocks: [] };
  }
}

const WIDTHS = { status: 9, check: 19 };

function linesOf({ status, check, message, advice }: Finding): string {
  const line = `${status.padEnd(WIDTHS.status)}${check.padEnd(WIDTHS.check)}${message}`;
  return advice === undefined ? line : `${line}\n${" ".repeat(WIDTHS.status + WIDTHS.check)}→ ${advice}`;
}

function summaryOf(failed: number): string {
  if (failed === 0) return "No check failed.";
  return failed === 1 ? "1 check failed." : `${failed} checks failed.`;
}
