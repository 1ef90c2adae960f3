import type { ConnectService } from "../connections/linking/connect-service.js";
import type { Logger } from "../observability/logger.js";

/** What the pages do through; nothing else of the graph's inside is theirs. */
export type ConnectPort = Pick<
  ConnectService,
  | "redeem"
  | "describe"
  | "providers"
  | "connections"
  | "authorize"
  | "readAnswer"
  | "completeAuthorization"
  | "submitCredentials"
  | "disconnect"
>;

export interface ConnectRoutesOptions {
  connect: ConnectPort;
  /** Origin under which end users reach crmesh; asked for late, as it may be where the server comes to listen. */
  publicUrl: () => string;
  /** 32 bytes each, the current one first, the same on every replica. */
  sessionKeys: readonly Uint8Array[];
  logger: Logger;
  /** Every page says that crmesh is not available. */
  maintenance: boolean;
  /** Milliseconds that the calls behind one page may take. */
  requestTimeoutMs: number;
  now: () => number;
}
