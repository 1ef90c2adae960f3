import { describe } from "@jest/globals";
import type { ResourceName } from "../../src/providers/contract/model.js";
import type { CrmConnection } from "../support/crm-connections.js";
import type { Stage } from "./stage/stage.js";
import type { Need, StageCrm } from "./stage/stage-crm.js";
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

/** The name of a group of skipped cases begins with it, and continues with the reason. */
export const NOT_RUN = "not run: ";

/** Defines cases that need something of the CRM. If the CRM does not have it, they are skipped. */
export function needing({ supports }: CaseContext, needs: readonly Need[], define: () => void): void {
  const reason = needs.map((need) => supports(need)).find((one) => one !== null);
  if (reason === undefined) define();
  else describe.skip(`${NOT_RUN}${reason}`, define);
}
