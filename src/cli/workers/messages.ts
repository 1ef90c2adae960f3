import { z } from "zod";
import type { LedgerQuestion } from "../../limits/worker-ledger.js";
import type { SandboxFacts } from "../../shared-sandbox.js";

/** What the primary tells a worker. */
export type ToWorker =
  /** The first message. */
  | { crmesh: "begin"; number: number; sandbox: SandboxFacts | null }
  /** Serve no longer. `now`: without the time in which load balancers notice it. */
  | { crmesh: "stop"; now: boolean }
  /** The answer to `pace`. */
  | { crmesh: "paced"; id: number; waitMs: number }
  | { crmesh: "workers"; ready: number; expected: number }
  /** Send the metrics of the moment. */
  | { crmesh: "collect"; id: number };

/** What a worker tells the primary. */
export type ToPrimary =
  | { crmesh: "listening"; origin: string; hasExplorer: boolean }
  | { crmesh: "pace"; id: number; question: LedgerQuestion }
  /** `text` is null if the metrics cannot be collected. */
  | { crmesh: "metrics"; id: number; text: string | null };

const tagged = z.object({ crmesh: z.string() });

/** Whether a message is one of these. Other libraries send messages over the same channel. */
export function isOurs<Message extends ToWorker | ToPrimary>(message: unknown): message is Message {
  return tagged.safeParse(message).success;
}
