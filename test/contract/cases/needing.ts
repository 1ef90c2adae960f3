import { describe } from "@jest/globals";
import type { CaseContext } from "../ground.js";
import { NOT_RUN } from "../not-run.js";
import type { Need } from "../stage/stage-crm.js";

/** Defines cases that need something of the CRM. If the CRM does not have it, they are skipped. */
export function needing({ supports }: CaseContext, needs: readonly Need[], define: () => void): void {
  const reason = needs.map((need) => supports(need)).find((one) => one !== null);
  if (reason === undefined) define();
  else describe.skip(`${NOT_RUN}${reason}`, define);
}
