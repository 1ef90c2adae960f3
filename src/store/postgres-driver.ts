import { isNativeError } from "node:util/types";
import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import { Client, DatabaseError, Pool, type ClientConfig, type PoolClient } from "pg";
import type { Driver } from "./driver.js";
import { StoreUnavailableError, withoutValues } from "./faults.js";

const POOL_SIZE = 10;

/** How long to wait for what, in milliseconds. */
export interface PostgresLimits {
  /** For a connection, a new one or one of the pool's that is in use. */
  connectMs: number;
  /** Until the database gives a statement up. */
  statementMs: number;
  /** The same for a migration, and for waiting for the one that another replica runs. */
  migrationMs: number;
  /** What crmesh grants beyond that, as the answer itself may never arrive. */
  graceMs: number;
}

const LIMITS: PostgresLimits = { connectMs: 5_000, statementMs: 10_000, migrationMs: 600_000, graceMs: 2_000 };

/**
 * A PostgreSQL by its URL.
 *
 * @throws StoreUnavailableError when it cannot be reached, or will not have us; without the password
 */
export async function openPostgresDriver(url: string, poolSize = POOL_SIZE, limits = LIMITS): Promise<Driver> {
  const everyday = configOf(url, limits, limits.statementMs);
  await knock(everyday);
  return {
    dialect: dialectOf(everyday, poolSize),
    migrationDialect: dialectOf(configOf(url, limits, limits.migrationMs), 1),
    release: async () => {},
  };
}

function configOf(url: string, { connectMs, graceMs }: PostgresLimits, statementMs: number): ClientConfig {
  return {
    connectionString: url,
    application_name: "crmesh",
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + graceMs,
  };
}

/** Connects once, to say what is wrong with the URL or the server while somebody looks. */
async function knock(config: ClientConfig): Promise<void> {
  let client: Client | undefined;
  try {
    client = new Client(config);
    // A fault of the connection rejects the call that waits for it; without a listener it would end the process as well.
    client.on("error", () => {});
    await client.connect();
  } catch (error) {
    const where =
      client === undefined ? "of DATABASE_URL" : `${client.database ?? ""} on ${client.host}:${client.port}`;
    throw new StoreUnavailableError(`The database ${where} cannot be opened: ${reasonOf(error)}.`, {
      cause: withoutValues(error),
    });
  } finally {
    await client?.end();
  }
}

function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  // Of several addresses each failed in its own way, and the whole has no message.
  return "errors" in error && Array.isArray(error.errors) ? reasonOf(error.errors[0]) : error.message;
}

function dialectOf(config: ClientConfig, max: number): PostgresDialect {
  return new PostgresDialect({
    pool: async () => {
      const pool = new Pool({ ...config, max });
      // An idle connection that breaks is replaced by the pool; one that is in use also rejects the query that waits.
      // Without listeners either would end the process.
      pool.on("error", () => {});
      pool.on("connect", (client) => void client.on("error", () => {}));
      return lendingOf(pool);
    },
  });
}

/** The pool, but a connection on which something else failed than a statement is closed and not lent again. */
function lendingOf(pool: Pool): PostgresPool {
  return {
    options: pool.options,
    connect: async () => lent(await pool.connect()),
    end: () => pool.end(),
  };
}

function lent(client: PoolClient): PostgresPoolClient {
  let broken = false;
  const query = async (sql: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(sql, [...parameters]);
    } catch (error) {
      // Where no answer came in time, it may still come, as the answer to the next query.
      broken ||= !(error instanceof DatabaseError);
      throw error;
    }
  };
  return {
    // Its other form is for cursors, which nothing here opens.
    query: query as unknown as PostgresPoolClient["query"],
    release: (destroy = false) => client.release(destroy || broken),
  };
}
