import { DEFAULT_SCOPES, SCOPES } from "../connections/access/principal.js";
import type { ApiKeyRecord } from "../store/api-keys.js";
import type { Environment } from "../store/schema.js";
import { UsageError } from "./usage-error.js";
import { withStore, type Print } from "./with-store.js";

export interface CreateKeyOptions {
  env: Environment;
  name: string;
  scopes?: string;
  /** The most upstream calls that one operation may cost. */
  maxCalls?: number;
  workspace: string;
}

export async function createKey(
  environment: NodeJS.ProcessEnv,
  print: Print,
  options: CreateKeyOptions,
): Promise<void> {
  const scopes = options.scopes === undefined ? DEFAULT_SCOPES : scopesFrom(options.scopes);
  await withStore(environment, async ({ store }) => {
    const { id: workspaceId } = await store.workspaces.ensure(options.workspace);
    const { record, secret } = await store.apiKeys.create({
      workspaceId,
      environment: options.env,
      name: options.name,
      scopes,
      maxCalls: options.maxCalls,
    });
    const limit = record.maxCalls === null ? "" : `, at most ${record.maxCalls} upstream calls an operation`;
    print(
      `${secret}\n\n${record.id}, ${record.environment}, ${scopes.join(" ")}${limit}\nSave it now. It is not shown again.`,
    );
  });
}

export async function listKeys(environment: NodeJS.ProcessEnv, print: Print): Promise<void> {
  await withStore(environment, async ({ store }) => {
    const keys = await store.apiKeys.list();
    if (keys.length === 0) print("There are no keys. Create one: crmesh keys create --env test --name first");
    const now = Date.now();
    for (const key of keys) {
      const { id, prefix, environment: env, name, scopes, maxCalls } = key;
      const limit = maxCalls === null ? [] : [`max-calls ${maxCalls}`];
      print([id, prefix, env, stateOf(key, now), name, scopes.join(","), ...limit].join("\t"));
    }
  });
}

export async function revokeKey(environment: NodeJS.ProcessEnv, print: Print, id: string): Promise<void> {
  await withStore(environment, async ({ store }) => {
    if (!(await store.apiKeys.revoke(id))) throw new UsageError(`There is no key ${id}.`);
    print(`${id} is revoked.`);
  });
}

/** @param overlapMs milliseconds for which the old key stays valid */
export async function rotateKey(
  environment: NodeJS.ProcessEnv,
  print: Print,
  id: string,
  { overlap: overlapMs }: { overlap: number },
): Promise<void> {
  await withStore(environment, async ({ store }) => {
    const rotated = await store.apiKeys.rotate(id, overlapMs);
    if (rotated === null) throw new UsageError(`There is no valid key ${id}.`);
    const { secret, record, oldExpiresAt } = rotated;
    print(
      `${secret}\n\n${record.id} replaces ${id}, which expires at ${oldExpiresAt.toISOString()}.\n` +
        "Save it now. It is not shown again.",
    );
  });
}

function stateOf({ revokedAt, expiresAt }: ApiKeyRecord, now: number): string {
  if (revokedAt !== null) return `revoked ${revokedAt.toISOString()}`;
  if (expiresAt === null) return "active";
  return `${expiresAt.getTime() > now ? "ends" : "ended"} ${expiresAt.toISOString()}`;
}

function scopesFrom(text: string): string[] {
  const scopes = text.split(",").map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined)
    throw new UsageError(`There is no scope "${unknown}". The scopes are ${SCOPES.join(", ")}.`);
  return scopes;
}
