import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RESOURCES } from "../../src/providers/contract/model.js";
import { describeApiVersions } from "./cases/api-versions.js";
import { describeBatches } from "./cases/batches.js";
import { describeBrokenAnswers } from "./cases/broken-answers.js";
import { describeByEmails } from "./cases/by-emails.js";
import { describeChangedDefinitions } from "./cases/changed-definitions.js";
import { describeCosts } from "./cases/costs.js";
import { describeCoverage } from "./cases/coverage.js";
import { describeCredentials } from "./cases/credentials.js";
import { describeCustomRoundTrip } from "./cases/custom-round-trip.js";
import { describeEdges } from "./cases/edges.js";
import { describeFaults } from "./cases/faults.js";
import { describeFilters } from "./cases/filters.js";
import { describeFinalRefusals } from "./cases/final-refusals.js";
import { describeFurtherCalls } from "./cases/further-calls.js";
import { describeHostileTexts } from "./cases/hostile-texts.js";
import { describeIndexLag } from "./cases/index-lag.js";
import { describeKeptTypes } from "./cases/kept-types.js";
import { describeKnownDefects } from "./cases/known-defects.js";
import { describeLongNumbers } from "./cases/long-numbers.js";
import { describeMutatedAnswers } from "./cases/mutated-answers.js";
import { describeNarrowAccounts } from "./cases/narrow-accounts.js";
import { describeNeighbours } from "./cases/neighbours.js";
import { describeOrders } from "./cases/orders.js";
import { describeOwners } from "./cases/owners.js";
import { describePhones } from "./cases/phones.js";
import { describeReads } from "./cases/reads.js";
import { describeRefusals } from "./cases/refusals.js";
import { describeResumption } from "./cases/resumption.js";
import { describeSecrets } from "./cases/secrets.js";
import { describeSelection } from "./cases/selection.js";
import { describeStandardFields } from "./cases/standard-fields.js";
import { describeSwallowedWrites } from "./cases/swallowed-writes.js";
import { describeShownRecords } from "./cases/shown-records.js";
import { describeTimes } from "./cases/times.js";
import { describeAllUrls, describeUrlLengths } from "./cases/url-lengths.js";
import { describeWrites } from "./cases/writes.js";
import { describeWrittenRecords } from "./cases/written-records.js";
import type { CaseContext, Ground } from "./ground.js";
import { needing } from "./cases/needing.js";
import { adapterOf } from "./stage/adapter.js";
import { openStage, READ_ACCOUNT, stageBefore, WRITE_ACCOUNT } from "./stage/stage.js";
import type { StageCrm } from "./stage/stage-crm.js";
import { resourceOf, type ContractSubject } from "./subject.js";

/**
 * Runs the cases that every adapter must pass, over real HTTP, against a CRM and that CRM's own client.
 *
 * @param real the CRM; default: the sandbox of the subject
 */
export function describeContract(subject: ContractSubject, real?: StageCrm): void {
  describe(`the adapter of ${subject.provider.name}`, () => {
    let ground: Ground;

    beforeAll(async () => {
      const stage = real ? await stageBefore(real, subject) : await openStage(subject);
      const seeded = await stage.fresh();
      const writer = stage.connect({ account: WRITE_ACCOUNT });
      const contacts = adapterOf(subject.provider, "contact");
      const { minimal: bare } = resourceOf(subject, "contact");
      const bareContact = seeded.bareContact || (await contacts.create!(writer.context, bare(seeded)));
      const fresh = { ...seeded, bareContact };
      ground = {
        stage,
        world: await stage.makeWorld(READ_ACCOUNT),
        reader: stage.connect({ account: READ_ACCOUNT }),
        writer,
        fresh,
        async make(resource) {
          const { minimal, arrange } = resourceOf(subject, resource);
          const { create } = adapterOf(subject.provider, resource);
          if (create) return create(writer.context, minimal(fresh));
          return arrange!(await stage.native(WRITE_ACCOUNT), fresh);
        },
      };
    });
    afterAll(() => ground.stage.close());

    const context: CaseContext = { subject, ground: () => ground, supports: (need) => real?.supports(need) ?? null };
    for (const resource of RESOURCES) {
      describe(resource, () => {
        if (!subject.resources[resource]) {
          test("the CRM has no such resource", () => {
            expect(subject.provider.resources[resource]).toBeUndefined();
          });
          return;
        }
        const own = { ...context, resource };
        needing(own, ["DECLARATIONS"], () => describeCoverage(own));
        needing(own, [`RECORDS ${resource}`], () => {
          describeReads(own);
          describeSelection(own);
          describeBatches(own);
          describeOrders(own);
          needing(own, ["OWN_ACCOUNT"], () => describeResumption(own));
          describeFilters(own);
          describeByEmails(own);
          describeEdges(own);
          needing(own, ["PLAYED_ANSWERS"], () => describeFurtherCalls(own));
          describeWrites(own);
          describeWrittenRecords(own);
          describeNeighbours(own);
          describeSwallowedWrites(own);
          needing(own, [`STANDARD_FIELDS ${resource}`], () => describeStandardFields(own));
          describeKeptTypes(own);
          describeRefusals(own);
          describeHostileTexts(own);
          describeCosts(own);
        });
      });
    }
    describeLongNumbers(context);
    needing(context, ["RECORDS meeting"], () => describeTimes(context));
    describeOwners(context);
    describeCredentials(context);
    needing(context, ["PLAYED_ANSWERS"], () => {
      describeFaults(context);
      describeFinalRefusals(context);
      describeIndexLag(context);
    });
    describePhones(context);
    describeShownRecords(context);
    describeKnownDefects(context);
    needing(context, ["PLAYED_ANSWERS"], () => {
      describeBrokenAnswers(context);
      describeMutatedAnswers(context);
      describeUrlLengths(context);
      describeNarrowAccounts(context);
      describeChangedDefinitions(context);
      describeCustomRoundTrip(context);
    });
    // Last, because they look at the requests and the output of all cases before them.
    describeAllUrls(context);
    describeApiVersions(context);
    describeSecrets(context);
  });
}
