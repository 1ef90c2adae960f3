import { WorkspaceExistsError } from "../store/workspaces.js";
import { UsageError } from "./usage-error.js";
import { withStore, type Print } from "./with-store.js";

export async function listWorkspaces(environment: NodeJS.ProcessEnv, print: Print): Promise<void> {
  await withStore(environment, async ({ store }) => {
    for (const { id, name, createdAt } of await store.workspaces.list()) {
      print([id, name, createdAt.toISOString()].join("\t"));
    }
  });
}

/** @throws UsageError when there is no such workspace, or the new name is empty or taken */
export async function renameWorkspace(
  environment: NodeJS.ProcessEnv,
  print: Print,
  from: string,
  to: string,
): Promise<void> {
  const name = to.trim();
  if (name === "") throw new UsageError("The new name must not be empty.");
  await withStore(environment, async ({ store }) => {
    try {
      if (!(await store.workspaces.rename(from, name))) throw new UsageError(`There is no workspace named "${from}".`);
    } catch (error) {
      throw error instanceof WorkspaceExistsError ? new UsageError(error.message) : error;
    }
    print(`"${from}" is now "${name}".`);
  });
}
