import { DEFAULT_SCOPES, SCOPES } from "../connections/access/principal.js";
import type { ApiKeyRecord } from "../store/api-keys.js";
import type { Environment } from "../store/schema.js";
import { print, printJson, type CommandContext } from "./command-context.js";
import { RefusedError, UsageError } from "./command-errors.js";
import { printList } from "./list.js";
import { chosenWorkspace, type WorkspaceChoice } from "./workspaces.js";

const SHOWN_ONCE = "Save it now. It is not shown again.";

export interface CreateKeyOptions extends WorkspaceChoice {
  env: Environment;
  name: string;
  scopes?: string;
  /** The most upstream calls that one operation may cost. */
  maxCalls?: number;
  json?: true;
}

/** @throws UsageError for an unknown scope, RefusedError if there is no such workspace */
export async function createKey(context: CommandContext, options: CreateKeyOptions): Promise<void> {
  const scopes = options.scopes === undefined ? DEFAULT_SCOPES : scopesFrom(options.scopes);
  await context.withStore(async ({ store }) => {
    const workspace = await chosenWorkspace(store, options);
    const { record, secret } = await store.apiKeys.create({
      workspaceId: workspace.id,
      environment: options.env,
      name: options.name,
      scopes,
      maxCalls: options.maxCalls,
    });
    if (options.json) return printJson(context, { secret, ...shown(record, workspace.name) });
    const limit = record.maxCalls === null ? "" : `, at most ${record.maxCalls} upstream calls an operation`;
    print(
      context,
      `${secret}\n\n${record.id}, ${record.environment}, workspace "${workspace.name}", ${scopes.join(" ")}${limit}\n${SHOWN_ONCE}`,
    );
  });
}

export async function listKeys(context: CommandContext, { json }: { json?: true }): Promise<void> {
  await context.withStore(async ({ store }) => {
    const workspaces = new Map((await store.workspaces.list()).map(({ id, name }) => [id, name]));
    const keys = await store.apiKeys.list();
    printList(
      context,
      keys.map((key) => shown(key, workspaces.get(key.workspaceId) ?? key.workspaceId)),
      {
        ID: ({ id }) => id,
        KEY: ({ prefix }) => prefix,
        ENVIRONMENT: ({ environment }) => environment,
        STATE: stateAndTime,
        NAME: ({ name }) => name,
        SCOPES: ({ scopes }) => scopes.join(","),
        "MAX CALLS": ({ maxCalls }) => String(maxCalls ?? "-"),
        WORKSPACE: ({ workspace }) => workspace,
      },
      { json, empty: "There are no keys. Create one: crmesh keys create --env test --name first" },
    );
  });
}

/** @throws RefusedError if there is no key with this id */
export async function revokeKey(context: CommandContext, id: string): Promise<void> {
  await context.withStore(async ({ store }) => {
    if (!(await store.apiKeys.revoke(id))) throw new RefusedError(`There is no key ${id}.`);
    print(context, `${id} is revoked.`);
  });
}

export interface RotateKeyOptions {
  /** Milliseconds for which the old key stays valid. */
  overlap: number;
  json?: true;
}

/** @throws RefusedError if there is no valid key with this id */
export async function rotateKey(
  context: CommandContext,
  id: string,
  { overlap: overlapMs, json }: RotateKeyOptions,
): Promise<void> {
  await context.withStore(async ({ store }) => {
    const rotated = await store.apiKeys.rotate(id, overlapMs);
    if (rotated === null) throw new RefusedError(`There is no valid key ${id}.`);
    const { secret, record, oldExpiresAt } = rotated;
    if (json) {
      const workspace = await store.workspaces.get(record.workspaceId);
      return printJson(context, {
        secret,
        ...shown(record, workspace?.name ?? record.workspaceId),
        replaces: { id, expiresAt: oldExpiresAt },
      });
    }
    print(
      context,
      `${secret}\n\n${record.id} replaces ${id}, which expires at ${oldExpiresAt.toISOString()}.\n${SHOWN_ONCE}`,
    );
  });
}

type State = "active" | "ends" | "ended" | "revoked";

/** A key as lists show it: with its state and the name of its workspace, and without its secret. */
function shown({ workspaceId: _id, ...record }: ApiKeyRecord, workspace: string) {
  return { ...record, state: stateOf(record, Date.now()), workspace };
}

function stateOf({ revokedAt, expiresAt }: Pick<ApiKeyRecord, "revokedAt" | "expiresAt">, now: number): State {
  if (revokedAt !== null) return "revoked";
  if (expiresAt === null) return "active";
  return expiresAt.getTime() > now ? "ends" : "ended";
}

function stateAndTime({ state, revokedAt, expiresAt }: ReturnType<typeof shown>): string {
  const at = revokedAt ?? expiresAt;
  return at === null ? state : `${state} ${at.toISOString()}`;
}

function scopesFrom(text: string): string[] {
  const scopes = text.split(",").map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined)
    throw new UsageError(`There is no scope "${unknown}". The scopes are ${SCOPES.join(", ")}.`);
  return scopes;
}
