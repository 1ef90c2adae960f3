import { randomUUID } from "node:crypto";
import { Client } from "pg";

/** A PostgreSQL whose user may create databases; `.ci/postgres` starts one. */
const SERVER = process.env["CRMESH_TEST_DATABASE_URL"];

export interface TestDatabase {
  /** For `openStore`. */
  readonly url: string;
  readonly name: string;
  /** Runs a statement on it, behind the store's back. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** An empty database for one test file. */
export async function createDatabase(): Promise<TestDatabase> {
  if (SERVER === undefined)
    throw new Error("CRMESH_TEST_DATABASE_URL is not set: run .ci/postgres npm run test:services");
  const name = `crmesh_${randomUUID().replaceAll("-", "")}`;
  await run(SERVER, `create database ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    query: (sql) => run(url.href, sql),
    drop: async () => void (await run(SERVER, `drop database ${name} with (force)`)),
  };
}

async function run(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
