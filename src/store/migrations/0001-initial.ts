import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Workspaces, API keys, end users, connections. */
export const initial: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await statement.execute(db);
  },
};

const STATEMENTS = [
  sql`create table workspace (
    id text primary key,
    name text not null unique,
    created_at timestamptz not null
  )`,
  sql`create table api_key (
    id text primary key,
    workspace_id text not null references workspace (id),
    environment text not null check (environment in ('live', 'test')),
    name text not null,
    hash text not null unique,
    prefix text not null,
    scopes text[] not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
  sql`create table end_user (
    id text primary key,
    workspace_id text not null references workspace (id),
    environment text not null check (environment in ('live', 'test')),
    external_id text not null,
    display_name text,
    email text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (workspace_id, environment, external_id),
    unique (id, workspace_id, environment)
  )`,
  // The foreign key spans workspace and environment: no connection can belong to another workspace's end user.
  sql`create table connection (
    id text primary key,
    workspace_id text not null,
    environment text not null,
    end_user_id text not null,
    provider text not null,
    status text not null check (status in ('ACTIVE', 'NEEDS_REAUTH', 'DISCONNECTED')),
    credentials text,
    credentials_version integer not null,
    account_name text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    last_used_at timestamptz,
    foreign key (end_user_id, workspace_id, environment) references end_user (id, workspace_id, environment),
    check ((status = 'DISCONNECTED') = (credentials is null))
  )`,
  sql`create unique index connection_in_use on connection (end_user_id, provider) where status <> 'DISCONNECTED'`,
];
