import type { Logger } from "./logger.js";
import type { RequestRecord } from "./request-record.js";
import type { FailedCall } from "./request-summary.js";

/** The hooks by which an operation notes its upstream calls in the record of its request. */
export interface CallHooks {
  onCall: (call: object) => void;
  onFailure: (failure: FailedCall) => void;
}

/** Notes each attempt and each failure in the record, and logs each attempt at `debug`. */
export function callHooks(record: RequestRecord, logger: Logger): CallHooks {
  return {
    onCall(call) {
      record.noteCall();
      logger.debug({ ...record.ids, call }, "Upstream call");
    },
    onFailure: (failure) => record.noteFailedCall(failure),
  };
}
