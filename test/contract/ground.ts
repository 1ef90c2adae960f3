import type { ResourceName } from "../../src/providers/contract/model.js";
import type { CrmConnection } from "../support/crm-connections.js";
import type { Stage } from "./stage/stage.js";
import type { StageCrm } from "./stage/stage-crm.js";
import type { ContractSubject, Fresh, World } from "./subject.js";

/** Objects that all cases of a suite share. They are made once per adapter, before the first test. */
export interface Ground {
  stage: Stage;
  /** The records of the account that no case writes to, and a connection to that account. */
  world: World;
  reader: CrmConnection;
  /** A connection to the account that cases write to, and ids that its records can refer to. */
  writer: CrmConnection;
  fresh: Fresh;
  /** Makes a record in the account that cases write to: through the adapter if it has a create. */
  make: (resource: ResourceName) => Promise<string>;
}

/** Arguments of the functions that define cases. `ground` is available only while tests run. */
export interface CaseContext {
  subject: ContractSubject;
  ground: () => Ground;
  /** @see StageCrm.supports */
  supports: StageCrm["supports"];
}

export interface ResourceContext extends CaseContext {
  resource: ResourceName;
}
