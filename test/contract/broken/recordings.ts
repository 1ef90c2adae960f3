import type { CaseContext, Ground } from "../ground.js";
import { DecoderWatch } from "./decoder-watch.js";
import { operationsOf } from "./operations.js";
import { record, type Recording } from "./replay.js";

export interface WatchedRecording extends Recording {
  /** What the adapter's decoders said to the answers of this operation. Another one may read equal answers in other ways. */
  watch: DecoderWatch;
}

const made = new WeakMap<Ground, Promise<readonly WatchedRecording[]>>();

/** The recorded operations of a provider. They are run once for all cases. */
export function recordingsOf(context: CaseContext): Promise<readonly WatchedRecording[]> {
  const ground = context.ground();
  const known = made.get(ground) ?? makeRecordings(context);
  made.set(ground, known);
  return known;
}

async function makeRecordings(context: CaseContext): Promise<readonly WatchedRecording[]> {
  const { stage } = context.ground();
  const all: WatchedRecording[] = [];
  for (const operation of await operationsOf(context)) {
    const watch = new DecoderWatch();
    all.push({ ...(await watch.during(() => record(stage, operation))), watch });
  }
  return all;
}
