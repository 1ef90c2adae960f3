import { randomBytes } from "node:crypto";
import { ERROR_CATALOGUE, GRAPHQL_DOCUMENT_CODES } from "../dist/errors/catalogue.js";
import { Campaign } from "./hostile/campaign.js";
import { measureDearest } from "./hostile/dearest.js";
import { FAMILIES } from "./hostile/families.js";
import { Judge } from "./hostile/judge.js";
import { attack } from "./hostile/attack.js";
import { printAttack } from "./hostile/tables.js";
import { AttackedProcess } from "./hostile/attacked-process.js";

/**
 * Hostile documents and bodies by the hundred thousand, and the dearest operations. Set from outside:
 *   HOSTILE_REQUESTS  how many requests (100,000)
 *   HOSTILE_MINUTES   minutes after which no more are sent (11); with 0 only the dearest operations are measured
 *   HOSTILE_SEED      the seed of a run that is to be repeated
 *   HOSTILE_CASE      one case of it, e.g. fragments:12, or a family, e.g. fragments; nothing else is run
 */
export async function runHostile(report, environment = process.env) {
  const seed = environment.HOSTILE_SEED ?? randomBytes(4).toString("hex");
  const [only, index] = (environment.HOSTILE_CASE ?? "").split(":");
  const families = only ? FAMILIES.filter(({ name }) => name === only) : FAMILIES;
  if (families.length === 0) throw new Error(`HOSTILE_CASE: there is no family ${only}.`);
  report.text(`Repeat it with HOSTILE_SEED=${seed}, one case of it with HOSTILE_CASE=<family>:<number> as well.`);

  // Faults are to fail in every manner again and again, not to be kept away by a circuit for minutes.
  const circuit = { halfOpenAfterMs: 200, maxHalfOpenAfterMs: 200 };
  const attacked = new AttackedProcess({ circuit, settings: { CRMESH_UPSTREAM_TIMEOUT_MS: "5000" } });
  await attacked.open();
  try {
    const judge = new Judge({ catalogue: ERROR_CATALOGUE, documentCodes: GRAPHQL_DOCUMENT_CODES });
    const campaign = (parts) => new Campaign({ seed, judge, ...parts });
    const result = await attack(attacked, campaign, {
      families,
      index: index === undefined ? null : Number(index),
      requests: Number(environment.HOSTILE_REQUESTS ?? 100_000),
      endAt: Date.now() + Number(environment.HOSTILE_MINUTES ?? 11) * 60_000,
    });
    printAttack(result, families, report);
  } finally {
    await attacked.close();
  }
  if (only) return;
  const defaults = new AttackedProcess();
  await defaults.open();
  try {
    await measureDearest(defaults, report);
  } finally {
    await defaults.close();
  }
}
