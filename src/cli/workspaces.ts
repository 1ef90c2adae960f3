import type { Store } from "../store/open-store.js";
import { WorkspaceExistsError, type WorkspaceRecord } from "../store/workspaces.js";
import { print, type CommandContext } from "./command-context.js";
import { RefusedError } from "./command-errors.js";
import { printList } from "./list.js";

/** The name of a workspace that is created without a name. */
const DEFAULT_NAME = "default";
/** The most names that a message lists. */
const MAX_NAMES = 5;

export interface WorkspaceChoice {
  workspace?: string;
  createWorkspace?: true;
}

export async function listWorkspaces(context: CommandContext, { json }: { json?: true }): Promise<void> {
  await context.withStore(async ({ store }) => {
    printList<WorkspaceRecord>(
      context,
      await store.workspaces.list(),
      { ID: ({ id }) => id, NAME: ({ name }) => name, CREATED: ({ createdAt }) => createdAt.toISOString() },
      { json, empty: 'There are no workspaces. Create one: crmesh workspaces create "Your product"' },
    );
  });
}

/** @throws RefusedError if there is one of this name */
export async function createWorkspace(context: CommandContext, name: string): Promise<void> {
  await context.withStore(async ({ store }) => {
    const existing = await store.workspaces.list();
    if (existing.some((workspace) => workspace.name === name)) {
      throw new RefusedError(new WorkspaceExistsError(name).message);
    }
    const { id } = await store.workspaces.ensure(name);
    print(context, `${id}\tThe workspace "${name}" is created.`);
  });
}

/** @throws RefusedError if there is no such workspace, or another one has the new name */
export async function renameWorkspace(context: CommandContext, from: string, to: string): Promise<void> {
  await context.withStore(async ({ store }) => {
    try {
      if (!(await store.workspaces.rename(from, to))) throw await noWorkspace(store, from);
    } catch (error) {
      throw error instanceof WorkspaceExistsError ? new RefusedError(error.message) : error;
    }
    print(context, `"${from}" is now "${to}".`);
  });
}

/**
 * Finds the workspace of a new key: the named one, or else the only one. Creates it only if the user says so, because a
 * misspelt name would otherwise make a second workspace, without the end users of the first.
 *
 * @throws RefusedError
 */
export async function chosenWorkspace(
  store: Store,
  { workspace: name, createWorkspace: mayCreate }: WorkspaceChoice,
): Promise<WorkspaceRecord> {
  if (mayCreate) return store.workspaces.ensure(name ?? DEFAULT_NAME);
  const all = await store.workspaces.list();
  if (name !== undefined) {
    const named = all.find((workspace) => workspace.name === name);
    if (named) return named;
    const { message } = await noWorkspace(store, name);
    throw new RefusedError(`${message} To create it, add --create-workspace.`);
  }
  const [only, ...others] = all;
  if (!only) {
    throw new RefusedError(
      'There is no workspace yet. To create the first one, add --workspace "Your product" --create-workspace.',
    );
  }
  if (others.length === 0) return only;
  throw new RefusedError(`There are several workspaces: ${namesOf(all)}. Choose one with --workspace.`);
}

async function noWorkspace(store: Store, name: string): Promise<RefusedError> {
  const all = await store.workspaces.list();
  const known = all.length === 0 ? "There are none yet." : `The workspaces are ${namesOf(all)}.`;
  return new RefusedError(`There is no workspace named "${name}". ${known}`);
}

function namesOf(workspaces: readonly WorkspaceRecord[]): string {
  const names = workspaces.slice(0, MAX_NAMES).map(({ name }) => `"${name}"`);
  const rest = workspaces.length - names.length;
  return rest > 0 ? `${names.join(", ")} and ${rest} more` : names.join(", ");
}
