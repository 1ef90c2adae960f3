import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config.js";
import type { Ciphertexts } from "../../store/ciphertexts.js";
import { EncryptionKeyError, parseEncryptionKeys, readKeyFile } from "../../store/encryption-keys.js";
import { StoreUnavailableError } from "../../store/faults.js";
import { inspectStore, type InspectedStore } from "../../store/inspection.js";
import { StoreInUseError } from "../../store/lock-file.js";
import { NewerSchemaError } from "../../store/migrations/index.js";
import { vaultFor } from "../../store/open-vault.js";
import type { OpenedStore } from "../command-context.js";
import type { ClockReading } from "./clock.js";
import type { Finding } from "./finding.js";

export interface StoreFindings {
  findings: Finding[];
  clocks: ClockReading[];
}

const KEY_ADVICE = "Give crmesh the key that the credentials were encrypted with; see docs/deployment.md.";

/** Checks the open store of a running server. It was migrated at the start. */
export async function checkOpenStore({ store, config }: OpenedStore): Promise<StoreFindings> {
  try {
    await store.ping();
    const keys = await checkKeys(config, store.ciphertexts);
    return { findings: [ok(`${nameOf(config)} is open in the running server`), ...keys], clocks: [] };
  } catch (error) {
    return { findings: [failureOf(error)], clocks: [] };
  }
}

/**
 * Checks a store that nobody has open. Creates and changes nothing.
 *
 * @throws StoreInUseError if another process has the data folder open
 */
export async function checkStore(config: Config): Promise<StoreFindings> {
  const isEmbedded = config.databaseUrl === undefined;
  if (isEmbedded && !existsSync(join(config.dataDir, "db"))) {
    return { findings: [ok(`${nameOf(config)} does not exist yet; the first start creates it`)], clocks: [] };
  }
  try {
    const { dataDir, databaseUrl, databasePoolSize } = config;
    return await inspectStore({ dataDir, databaseUrl, databasePoolSize }, async (store) => {
      const findings = [migrationFinding(config, store), ...(await checkKeys(config, store.ciphertexts))];
      return { findings, clocks: isEmbedded ? [] : [await databaseClock(store)] };
    });
  } catch (error) {
    if (error instanceof StoreInUseError) throw error;
    return { findings: [failureOf(error)], clocks: [] };
  }
}

async function databaseClock(store: InspectedStore): Promise<ClockReading> {
  const sentAt = Date.now();
  const theirs = await store.now();
  return { source: "the database", theirs, resolutionMs: 0, sentAt, receivedAt: Date.now() };
}

function migrationFinding(config: Config, { unknownMigrations, pendingMigrations }: InspectedStore): Finding {
  const [unknown] = unknownMigrations;
  if (unknown !== undefined) {
    const { message } = new NewerSchemaError(unknown);
    return { check: "store", status: "failed", message, advice: "Run the version of crmesh that wrote the database." };
  }
  const { length } = pendingMigrations;
  if (length === 0) return ok(`${nameOf(config)} is reachable, and its schema is up to date`);
  return ok(`${nameOf(config)} is reachable; the next start applies ${length} migration${length === 1 ? "" : "s"}`);
}

/** @param ciphertexts null if the database has no tables yet */
async function checkKeys(config: Config, ciphertexts: Ciphertexts | null): Promise<Finding[]> {
  const check = "encryption keys";
  const file = join(config.dataDir, "encryption.key");
  try {
    const text = config.encryptionKey ?? (await readKeyFile(file));
    const uses = ciphertexts === null ? [] : await ciphertexts.sampleByEncryptionKey();
    if (text === null) {
      if (uses.length === 0) return [{ check, status: "ok", message: `The first start creates ${file}` }];
      const message = `The encryption key file ${file} is gone, but the store holds credentials encrypted with it.`;
      return [{ check, status: "failed", message, advice: "Restore the file from a backup." }];
    }
    const keys = parseEncryptionKeys(text, config.encryptionKey === undefined ? file : undefined);
    if (ciphertexts !== null) await vaultFor(keys, ciphertexts);
    const message = `The current key is "${keys.current}"; all stored credentials can be decrypted`;
    return [{ check, status: "ok", message }, ...(config.encryptionKey === undefined ? await fileFindings(file) : [])];
  } catch (error) {
    if (!(error instanceof EncryptionKeyError)) throw error;
    return [{ check, status: "failed", message: error.message, advice: KEY_ADVICE }];
  }
}

async function fileFindings(file: string): Promise<Finding[]> {
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return [];
  const message = `Other users of this machine may read ${file}`;
  return [{ check: "encryption keys", status: "warning", message, advice: `Run: chmod 600 ${file}` }];
}

/** For a store that cannot be used. @throws an error that is not the store's */
export function failureOf(error: unknown): Finding {
  if (error instanceof StoreInUseError) {
    return {
      check: "store",
      status: "failed",
      message: error.message,
      advice: "Stop that process, or try again later.",
    };
  }
  if (!(error instanceof StoreUnavailableError)) throw error;
  const advice = "Check that the database runs, and that DATABASE_URL or CRMESH_DATA_DIR names it.";
  return { check: "store", status: "failed", message: error.message, advice };
}

function nameOf({ databaseUrl, dataDir }: Config): string {
  if (databaseUrl === undefined) return `The embedded database in ${dataDir}`;
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `The database ${pathname.slice(1)} on ${hostname}:${port || "5432"}`;
}

function ok(message: string): Finding {
  return { check: "store", status: "ok", message };
}
