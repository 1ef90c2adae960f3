import type { Store } from "../../store/open-store.js";

const INTERVAL_MS = 60 * 60 * 1000;
const DAY_MS = 24 * INTERVAL_MS;

/**
 * Deletes expired rows now and every hour: spent tokens, ended leases and events older than their retention.
 * @returns a function that stops it
 */
export function startHousekeeping(options: {
  store: Pick<Store, "housekeep">;
  /** Days for which events are kept. */
  retentionDays: number;
  now: () => number;
  onBackgroundError: (error: unknown) => void;
}): () => Promise<void> {
  let running = Promise.resolve();
  const clean = () => {
    const eventsBefore = new Date(options.now() - options.retentionDays * DAY_MS);
    running = running.then(() => options.store.housekeep({ eventsBefore })).catch(options.onBackgroundError);
  };
  clean();
  const timer = setInterval(clean, INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
