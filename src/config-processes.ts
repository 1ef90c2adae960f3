import { availableParallelism } from "node:os";
import { z } from "zod";
import { ConfigError } from "./config-error.js";

const MAX_WORKERS = 256;
const WORKERS_RULE = `expected auto, or a number from 1 to ${MAX_WORKERS}`;

/** The variables that say how many processes serve. */
export const PROCESS_VARIABLES = {
  CRMESH_WORKERS: z
    .string()
    .refine((text) => text === "auto" || (/^\d{1,3}$/.test(text) && +text >= 1 && +text <= MAX_WORKERS), WORKERS_RULE)
    .transform((text): number | "auto" => (text === "auto" ? text : Number(text)))
    .default(1),
  CRMESH_REPLICAS: z.coerce.number().int().min(1).max(1_000).default(1),
  CRMESH_REDIS_URL: z.url({ protocol: /^rediss?$/, error: "expected a URL such as redis://redis:6379" }).optional(),
};

const ONE_PROCESS = "only one process can open the embedded database, which runs inside of it";

/** @throws ConfigError if there shall be several workers without a PostgreSQL */
export function workersOf(
  given: number | "auto",
  databaseUrl: string | undefined,
): { number: number; warnings: string[] } {
  if (databaseUrl !== undefined) return { number: given === "auto" ? availableParallelism() : given, warnings: [] };
  if (given === "auto") {
    return { number: 1, warnings: [`CRMESH_WORKERS=auto starts one process without DATABASE_URL: ${ONE_PROCESS}.`] };
  }
  if (given === 1) return { number: 1, warnings: [] };
  throw new ConfigError(`CRMESH_WORKERS needs a PostgreSQL in DATABASE_URL: ${ONE_PROCESS}.`);
}
