import { readConfig } from "../config.js";
import { DEFAULT_SCOPES, SCOPES } from "../connections/principal.js";
import { providers } from "../providers/index.js";
import { openStore, type Store } from "../store/open-store.js";
import type { Environment } from "../store/schema.js";
import { UsageError } from "./usage-error.js";

type Print = (text: string) => void;

export interface CreateKeyOptions {
  env: Environment;
  name: string;
  scopes?: string;
  workspace: string;
}

export async function createKey(
  environment: NodeJS.ProcessEnv,
  print: Print,
  options: CreateKeyOptions,
): Promise<void> {
  const scopes = options.scopes === undefined ? DEFAULT_SCOPES : scopesFrom(options.scopes);
  await withStore(environment, async (store) => {
    const { id: workspaceId } = await store.workspaces.ensure(options.workspace);
    const { record, secret } = await store.apiKeys.create({
      workspaceId,
      environment: options.env,
      name: options.name,
      scopes,
    });
    print(`${secret}\n\n${record.id}, ${record.environment}, ${scopes.join(" ")}\nKeep it now: it is not shown again.`);
  });
}

export async function listKeys(environment: NodeJS.ProcessEnv, print: Print): Promise<void> {
  await withStore(environment, async (store) => {
    const keys = await store.apiKeys.list();
    if (keys.length === 0) print("There are no keys. Make one: crmesh keys create --env test --name first");
    for (const { id, prefix, environment: env, name, scopes, revokedAt } of keys) {
      print(
        [id, prefix, env, revokedAt ? `revoked ${revokedAt.toISOString()}` : "active", name, scopes.join(",")].join(
          "\t",
        ),
      );
    }
  });
}

export async function revokeKey(environment: NodeJS.ProcessEnv, print: Print, id: string): Promise<void> {
  await withStore(environment, async (store) => {
    if (!(await store.apiKeys.revoke(id))) throw new UsageError(`There is no key ${id}.`);
    print(`${id} is revoked.`);
  });
}

async function withStore(environment: NodeJS.ProcessEnv, use: (store: Store) => Promise<void>): Promise<void> {
  const { dataDir } = readConfig(environment, providers);
  const store = await openStore({ dataDir });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

function scopesFrom(text: string): string[] {
  const scopes = text.split(",").map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined)
    throw new UsageError(`There is no scope "${unknown}"; the scopes are ${SCOPES.join(", ")}.`);
  return scopes;
}
