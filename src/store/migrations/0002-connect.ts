import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What Connect and its connections need: scopes, expiry, refresh leases, spent tokens, events; API keys that end. */
export const connect: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await statement.execute(db);
  },
};

const STATEMENTS = [
  sql`alter table connection add column scopes text[], add column token_expires_at timestamptz`,
  sql`alter table api_key add column expires_at timestamptz`,
  sql`create table refresh_lease (
    connection_id text primary key references connection (id),
    holder text not null,
    expires_at timestamptz not null
  )`,
  sql`create table spent_connect_token (
    id text primary key,
    expires_at timestamptz not null
  )`,
  // Ids are compared byte by byte, whatever the database's language: their order is the order of time. No foreign key: an
  // event outlives what it tells of.
  sql`create table connection_event (
    id text collate "C" primary key,
    workspace_id text not null,
    environment text not null check (environment in ('live', 'test')),
    end_user_id text not null,
    connection_id text not null,
    provider text not null,
    type text not null,
    actor_kind text not null,
    actor_id text,
    request_id text,
    error_code text,
    detail text,
    created_at timestamptz not null
  )`,
  sql`create index connection_event_of_end_user on connection_event (workspace_id, environment, end_user_id, id desc)`,
];
