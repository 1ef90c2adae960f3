import type { ConnectService } from "../connections/linking/connect-service.js";
import type { Logger } from "../observability/logger.js";
import type { MonotonicClock } from "../connections/calls/operation.js";

/** The part of ConnectService that the pages use. */
export type ConnectPort = Pick<
  ConnectService,
  | "redeem"
  | "describe"
  | "providers"
  | "connections"
  | "sandboxCredential"
  | "authorize"
  | "readAnswer"
  | "completeAuthorization"
  | "submitCredentials"
  | "disconnect"
>;

export interface ConnectRoutesOptions {
  connect: ConnectPort;
  /** The origin under which end users reach crmesh. By default it is known only once the server listens. */
  publicUrl: () => string;
  /** 32 bytes each, the current one first, the same on every replica. */
  sessionKeys: readonly Uint8Array[];
  logger: Logger;
  /** True to answer every request with a page that says that crmesh is not available. */
  maintenance: boolean;
  /** Milliseconds that the calls of one request may take. */
  requestTimeoutMs: number;
  /** `now`: milliseconds since the epoch. */
  clock: MonotonicClock & { now(): number };
}
