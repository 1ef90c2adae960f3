import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { OAuthClient } from "../../../src/connections/calls/upstream-access.js";
import type { Environment } from "../../../src/store/schema.js";
import type { Fresh, NativeClient, World } from "../subject.js";
import type { AnyRecord } from "./adapter.js";

/** What a case needs in addition to a CRM that answers. */
export type Need =
  /** Answers that the proxy or the sandbox plays: faults, silence, changed texts. */
  | "PLAYED_ANSWERS"
  /** An account of its own with records that the case may delete. */
  | "OWN_ACCOUNT"
  /** Tokens that the sandbox is known to refuse or to renew. */
  | "KNOWN_TOKENS"
  /** The records of the seed, which have a value in every field. */
  | "SEED"
  /** Nothing of the CRM: the case compares declarations of this repository. */
  | "DECLARATIONS"
  /** The custom fields of the subject. */
  | `CUSTOM_FIELDS ${ResourceName}`
  /** The fields of the CRM's own that the subject names: editions and administrators differ in them. */
  | `STANDARD_FIELDS ${ResourceName}`
  /** Records of the resource, which the stage can make and remove. */
  | `RECORDS ${ResourceName}`
  /** Records that the edge links. */
  | `LINKS ${ResourceName}.${string}`;

/** The CRM behind a stage: a sandbox that this process has started, or a real account that is set apart for tests. */
export interface StageCrm {
  /** Null if the CRM has it. Otherwise the reason why cases that need it do not run. */
  supports(need: Need): string | null;
  /** Scheme, host and port of the CRM: one sandbox, or those of a real CRM for the path of a request. */
  readonly target: string | ((path: string) => string);
  readonly environment: Environment;
  readonly oauthClient: OAuthClient | null;
  /** The credential of an account. @param origin the address that the adapter calls */
  credentials(account: string, origin: string): Credentials;
  /** Opens the CRM's own client. It goes past the proxy, which so records only requests of the adapter. */
  connectNative(account: string): Promise<NativeClient>;
  /** The records of an account that no case changes. @param origin the address that the adapter calls */
  makeWorld(client: NativeClient, origin: string): Promise<World>;
  /** Ids of records to which the records that cases make can refer. @param client of the account that cases write to */
  makeFresh(client: NativeClient): Promise<Fresh>;
  /** The records of a listing that count: all of a sandbox account, those that the run made of a real one. */
  counting(resource: ResourceName, records: readonly AnyRecord[]): AnyRecord[];
  /** Called with every record that cases make, once it is there. */
  noteMade(resource: ResourceName, id: string): void;
  close(): Promise<void>;
}
