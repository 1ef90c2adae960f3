import { isNativeError } from "node:util/types";
import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import { Client, DatabaseError, Pool, type ClientConfig, type PoolClient } from "pg";
import type { Driver } from "./driver.js";
import { StoreUnavailableError, withoutValues } from "./faults.js";
import { PostgresChanges } from "./postgres-changes.js";

const POOL_SIZE = 10;

/** Time-outs in milliseconds. */
export interface PostgresLimits {
  /** To open a connection, or to get one from the pool. */
  connectMs: number;
  /** After which the database cancels a statement. */
  statementMs: number;
  /** The same for a migration, including the wait for a migration of another replica. */
  migrationMs: number;
  /** How much longer crmesh waits for the database's answer, which may never arrive. */
  graceMs: number;
}

const LIMITS: PostgresLimits = { connectMs: 5_000, statementMs: 10_000, migrationMs: 600_000, graceMs: 2_000 };

/**
 * Opens a PostgreSQL by its URL.
 *
 * @throws StoreUnavailableError if it cannot be reached or refuses the login. The message has no password.
 */
export async function openPostgresDriver(url: string, poolSize = POOL_SIZE, limits = LIMITS): Promise<Driver> {
  const everyday = configOf(url, limits, limits.statementMs);
  await knock(everyday);
  return {
    dialect: dialectOf(everyday, poolSize),
    migrationDialect: dialectOf(configOf(url, limits, limits.migrationMs), 1),
    hearChanges: (clock, onLost) => {
      const changes = new PostgresChanges({
        config: { ...everyday, application_name: "crmesh changes" },
        clock,
        onLost,
      });
      return Promise.resolve({ changes, close: () => changes.close() });
    },
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

/** Connects once, so that a wrong URL or server fails the start. */
async function knock(config: ClientConfig): Promise<void> {
  let client: Client | undefined;
  try {
    client = new Client(config);
    // A connection error also rejects the waiting call. Without a listener, it would end the process.
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
  // An AggregateError, for several addresses, has no message of its own.
  return "errors" in error && Array.isArray(error.errors) ? reasonOf(error.errors[0]) : error.message;
}

function dialectOf(config: ClientConfig, max: number): PostgresDialect {
  return new PostgresDialect({
    pool: () => {
      const pool = new Pool({ ...config, max });
      // The pool replaces an idle connection that breaks. A used connection rejects its query. Without listeners, both
      // would also end the process.
      pool.on("error", () => {});
      pool.on("connect", (client) => void client.on("error", () => {}));
      return Promise.resolve(lendingOf(pool));
    },
  });
}

/** Wraps the pool: a connection is closed, not reused, after any error that is not an error of a statement. */
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
      // After a time-out, the late answer could be taken for the answer to the next query.
      broken ||= !(error instanceof DatabaseError);
      throw error;
    }
  };
  return {
    // The overload for cursors is missing, because crmesh does not use any.
    query: query as unknown as PostgresPoolClient["query"],
    release: (destroy = false) => client.release(destroy || broken),
  };
}
