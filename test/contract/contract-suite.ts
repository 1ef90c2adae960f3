import { afterAll, beforeAll, describe } from "@jest/globals";
import { RESOURCES } from "../../src/providers/model.js";
import { describeBatches } from "./cases/batches.js";
import { describeCoverage } from "./cases/coverage.js";
import { describeCredentials } from "./cases/credentials.js";
import { describeEdges } from "./cases/edges.js";
import { describeFaults } from "./cases/faults.js";
import { describeFilters } from "./cases/filters.js";
import { describeHostileTexts } from "./cases/hostile-texts.js";
import { describeKnownDefects } from "./cases/known-defects.js";
import { describeOrders } from "./cases/orders.js";
import { describeOwners } from "./cases/owners.js";
import { describeReads } from "./cases/reads.js";
import { describeRefusals } from "./cases/refusals.js";
import { describeSecrets } from "./cases/secrets.js";
import { describeSelection } from "./cases/selection.js";
import { describeTimes } from "./cases/times.js";
import { describeWrites } from "./cases/writes.js";
import type { CaseContext, Ground } from "./ground.js";
import { openStage, READ_ACCOUNT, WRITE_ACCOUNT } from "./stage/stage.js";
import type { ContractSubject } from "./subject.js";

/** What every adapter has to keep, checked over real HTTP against the imitated CRM and its own client. */
export function describeContract(subject: ContractSubject): void {
  describe(`the adapter of ${subject.provider.name}`, () => {
    let ground: Ground;

    beforeAll(async () => {
      const stage = await openStage(subject);
      ground = {
        stage,
        world: await stage.world(READ_ACCOUNT),
        reader: stage.connect({ account: READ_ACCOUNT }),
        writer: stage.connect({ account: WRITE_ACCOUNT }),
        fresh: await stage.fresh(),
      };
    });
    afterAll(() => ground.stage.close());

    const context: CaseContext = { subject, ground: () => ground };
    for (const resource of RESOURCES) {
      describe(resource, () => {
        const own = { ...context, resource };
        describeCoverage(own);
        describeReads(own);
        describeSelection(own);
        describeBatches(own);
        describeOrders(own);
        describeFilters(own);
        describeEdges(own);
        describeWrites(own);
        describeRefusals(own);
        describeHostileTexts(own);
      });
    }
    describeTimes(context);
    describeOwners(context);
    describeCredentials(context);
    describeFaults(context);
    describeKnownDefects(context);
    // Last, because it looks back on all that was said before.
    describeSecrets(context);
  });
}
