import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Campaign } from "../../bench/hostile/campaign.js";
import { FAMILIES, variantsOf } from "../../bench/hostile/families.js";
import { Judge, logComplaint } from "../../bench/hostile/judge.js";
import { heldOpen } from "../../bench/hostile/sockets-left.js";
import { Wire } from "../../bench/hostile/wire.js";
import { ERROR_CATALOGUE, GRAPHQL_DOCUMENT_CODES } from "../../src/errors/catalogue.js";
import { eventually } from "../support/eventually.js";
import { AttackedServer } from "./attacked-server.js";
import { HangWatch } from "./hang-watch.js";

/**
 * A sample of what `npm run bench -- --only hostile` sends by the hundred thousand; stalls, CPU and memory are bounded there,
 * where nothing else runs, and with another seed in every run. A failure is repeated with the seed and the case that it names:
 * HOSTILE_SEED=… HOSTILE_CASE=fragments:12 npm test -- test/hostile
 */
const seed = process.env["HOSTILE_SEED"] ?? "npm-test";
const requests = Number(process.env["HOSTILE_REQUESTS"] ?? 400);
const [onlyFamily, onlyIndex] = (process.env["HOSTILE_CASE"] ?? "").split(":");
const families = onlyFamily ? FAMILIES.filter(({ name }) => name === onlyFamily) : FAMILIES;

const PARALLEL = 8;
/** Milliseconds after which a request counts as never answered: several times what an operation may take. */
const ANSWER_MS = 60_000;

describe(`hostile requests of HOSTILE_SEED=${seed}`, () => {
  const hangWatch = new HangWatch();
  let attacked: AttackedServer;
  let wire: Wire;
  let campaign: Campaign;

  beforeAll(async () => {
    attacked = await AttackedServer.start();
    wire = new Wire(attacked.server.url, { timeoutMs: ANSWER_MS });
    campaign = new Campaign({
      seed,
      targets: attacked.targets,
      wire,
      judge: new Judge({ catalogue: ERROR_CATALOGUE, documentCodes: GRAPHQL_DOCUMENT_CODES }),
      onStart: (cases: Iterable<string>) => hangWatch.note(seed, cases),
    });
  });

  afterAll(async () => {
    wire?.close();
    await attacked?.close();
    await hangWatch.close();
  });

  test.each(families.map((family) => [family.name, family.harm, family] as const))(
    "%s: %s",
    async (_name, _harm, family) => {
      const before = attacked.server.logs.length;
      if (onlyIndex !== undefined) await campaign.one(family, Number(onlyIndex));
      else {
        const count = Math.max(variantsOf(family), Math.ceil((requests * family.share) / 1_000));
        await campaign.batch(family, count, { parallel: PARALLEL });
        campaign.complainOfUnreached([family]);
      }
      for (const line of attacked.server.logs.slice(before)) {
        const bad = logComplaint(line);
        if (bad) campaign.complain({ family: family.name, name: String(bad.requestId ?? "") }, bad.complaint);
      }
      const complaints = campaign.describe();
      campaign.complaints.clear();
      // A promise that rejects with nobody to hear it ends the process in production; jest fails the test that runs then.
      expect({ seed, complaints }).toEqual({ seed, complaints: [] });
    },
    120_000,
  );

  test("a tenant who does nothing wrong is answered correctly all along", async () => {
    await attacked.polite.stop();
    expect(attacked.polite.asked).toBeGreaterThan(1);
    expect(attacked.polite.wrong).toEqual([]);
  });

  test("no connection of a caller stays open", async () => {
    wire.close();
    await eventually(() => heldOpen(attacked.port).callers === 0 || undefined);
  });
});
