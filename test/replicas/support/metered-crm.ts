import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** HubSpot's limit of a private app: calls in a window that slides. */
export const ALLOWED = 100;
export const WINDOW_MS = 10_000;

export interface Metered {
  /** When each call came, in milliseconds since an arbitrary moment. */
  arrivals: number[];
  /** Number of calls that the CRM has refused. */
  refused: number;
}

/** A CRM that counts its calls and refuses those beyond its limit, as HubSpot does. */
export interface MeteredCrm {
  readonly origin: string;
  /** What it has counted so far. */
  metered(): Promise<Metered>;
  close(): Promise<void>;
}

/** @param target the origin of the CRM that answers the calls within the limit */
export async function startMeteredCrm(target: string): Promise<MeteredCrm> {
  const workerData = { target, allowed: ALLOWED, windowMs: WINDOW_MS };
  const thread = new Worker(new URL("metered-crm-thread.js", import.meta.url), { workerData });
  const [{ port }] = (await once(thread, "message")) as [{ port: number }];
  let asked: Promise<Metered> = Promise.resolve({ arrivals: [], refused: 0 });
  return {
    origin: `http://127.0.0.1:${port}`,
    metered: () => {
      // One question after the other, because answers have no names.
      asked = asked.then(async () => {
        thread.postMessage("metered");
        const [metered] = (await once(thread, "message")) as [Metered];
        return metered;
      });
      return asked;
    },
    close: async () => void (await thread.terminate()),
  };
}
