import type { ResourceName } from "../../src/providers/contract/model.js";
import type { Connection, Stage } from "./stage/stage.js";
import type { ContractSubject, Fresh, World } from "./subject.js";

/** What every case of the suite stands on; made once per adapter, before the first test. */
export interface Ground {
  stage: Stage;
  /** The data set that nobody writes to, and a connection to it. */
  world: World;
  reader: Connection;
  /** A connection to the account that is written to, and what records there can refer to. */
  writer: Connection;
  fresh: Fresh;
  /** Makes a record in the account that is written to, through the adapter where it can. */
  make: (resource: ResourceName) => Promise<string>;
}

/** The cases that concern one resource, or the whole provider; `ground` may be asked from within tests only. */
export interface CaseContext {
  subject: ContractSubject;
  ground: () => Ground;
}

export interface ResourceContext extends CaseContext {
  resource: ResourceName;
}
