import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ResourceName } from "../../../src/providers/contract/model.js";

/** A word is a tag or a source. */
export type Kind = ResourceName | "company" | "word";

interface Head {
  /** The CRM and its host: records of another account are left alone. */
  account: string;
  mark: string;
  /** The process that runs the cases and cleans up after them. */
  pid: number;
}

/** Told of every record as soon as it is made. */
export type Note = (kind: Kind, id: string) => void;

export interface Made {
  kind: Kind;
  id: string;
}

const FOLDER = fileURLToPath(new URL("../../../node_modules/.cache/crmesh-live/", import.meta.url));

/**
 * The records that a run has made in a real account, in a file: it outlives a process that is killed, so that the records
 * can still be removed.
 */
export class Ledger {
  readonly file: string;
  /** Letters and digits that stand in texts of every record of the run. */
  readonly mark: string;
  /** The process that removes the records. */
  readonly pid: number;

  readonly account: string;

  private constructor(file: string, { account, mark, pid }: Head) {
    this.file = file;
    this.account = account;
    this.mark = mark;
    this.pid = pid;
  }

  /** Begins the ledger of a run of this process. */
  static begin(account: string, mark: string, folder = FOLDER): Ledger {
    mkdirSync(folder, { recursive: true });
    const head = { account, mark, pid: process.pid };
    const ledger = new Ledger(join(folder, `${mark}.jsonl`), head);
    ledger.#append(head);
    return ledger;
  }

  static open(file: string): Ledger {
    const [head = "{}"] = readFileSync(file, "utf8").split("\n");
    return new Ledger(file, JSON.parse(head) as Head);
  }

  /** The ledgers of runs in this account that ended without removing their records. */
  static left(account: string, folder = FOLDER): Ledger[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .map((name) => Ledger.open(join(folder, name)))
      .filter((ledger) => ledger.account === account && !isRunning(ledger.pid));
  }

  note(kind: Kind, id: string): void {
    this.#append({ kind, id });
  }

  /** Oldest first. A last line that was cut off is left out. */
  made(): Made[] {
    const [, ...lines] = readFileSync(this.file, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Made);
  }

  /** After all records are removed. */
  end(): void {
    rmSync(this.file);
  }

  #append(line: object): void {
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
