import type { CaseContext, Ground } from "../ground.js";
import { DecoderWatch } from "./decoder-watch.js";
import { operationsOf } from "./operations.js";
import { record, type Recording } from "./replay.js";

export interface Recordings {
  all: readonly Recording[];
  /** What the adapter's decoders said to the answers. */
  watch: DecoderWatch;
}

const made = new WeakMap<Ground, Promise<Recordings>>();

/** The recorded operations of a provider. They are run once for all cases. */
export function recordingsOf(context: CaseContext): Promise<Recordings> {
  const ground = context.ground();
  const known = made.get(ground) ?? makeRecordings(context);
  made.set(ground, known);
  return known;
}

async function makeRecordings(context: CaseContext): Promise<Recordings> {
  const watch = new DecoderWatch();
  const { stage } = context.ground();
  const all: Recording[] = [];
  for (const operation of await operationsOf(context)) all.push(await watch.during(() => record(stage, operation)));
  return { all, watch };
}
