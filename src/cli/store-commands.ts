import { Option, type Command } from "commander";
import { callLimit, duration, givenName, nameOf, oneOf } from "./arguments.js";
import type { CommandContext } from "./command-context.js";
import { checkCredentials, reencryptCredentials } from "./credentials.js";
import { createKey, listKeys, revokeKey, rotateKey, type CreateKeyOptions, type RotateKeyOptions } from "./keys.js";
import { createWorkspace, listWorkspaces, renameWorkspace } from "./workspaces.js";

const DAY_MS = 86_400_000;
const JSON_OPTION = ["--json", "print JSON"] as const;

/** Adds the commands that read or change the store. A running server executes only these commands for others. */
export function addStoreCommands(program: Command, context: CommandContext): void {
  addKeys(program, context);
  addWorkspaces(program, context);
  addCredentials(program, context);
}

function addKeys(program: Command, context: CommandContext): void {
  const keys = program.command("keys").description("API keys");
  keys
    .command("create")
    .description("create a key, which is shown once")
    .requiredOption("--env <environment>", "live or test", oneOf("live", "test"))
    .requiredOption("--name <name>", "what the key is for", nameOf)
    .option("--scopes <scopes>", "comma-separated (default: all except raw:read)")
    .option(
      "--max-calls <n>",
      "the most upstream calls that one operation may cost (default: CRMESH_MAX_CALLS)",
      callLimit,
    )
    .option("--workspace <name>", "owner of the key (default: the only workspace)", nameOf)
    .option("--create-workspace", "create the workspace if it does not exist")
    .option(...JSON_OPTION)
    .action((options: CreateKeyOptions) => createKey(context, options));
  keys
    .command("list")
    .description("list all keys, without their secrets")
    .option(...JSON_OPTION)
    .action((options: { json?: true }) => listKeys(context, options));
  keys
    .command("revoke")
    .description("end a key")
    .argument("<id>", "id (key_…) from `keys list`", givenName)
    .action((id: string) => revokeKey(context, id));
  keys
    .command("rotate")
    .description("create a new key in place of an old one, which stays valid for a while")
    .argument("<id>", "id (key_…) from `keys list`", givenName)
    .addOption(
      new Option("--overlap <duration>", "how long the old key stays valid, such as 30m, 24h or 7d")
        .argParser(duration)
        .default(DAY_MS, "24h"),
    )
    .option(...JSON_OPTION)
    .action((id: string, options: RotateKeyOptions) => rotateKey(context, id, options));
}

function addWorkspaces(program: Command, context: CommandContext): void {
  const workspaces = program.command("workspaces").description("workspaces, the owners of all data");
  workspaces
    .command("list")
    .description("all workspaces")
    .option(...JSON_OPTION)
    .action((options: { json?: true }) => listWorkspaces(context, options));
  workspaces
    .command("create")
    .description("create a workspace")
    .argument("<name>", "name that end users see on the Connect pages, such as your product’s", nameOf)
    .action((name: string) => createWorkspace(context, name));
  workspaces
    .command("rename")
    .description("change the name that end users see on the Connect pages")
    .argument("<name>", "name from `workspaces list`", givenName)
    .argument("<new name>", "such as your product’s name", nameOf)
    .action((from: string, to: string) => renameWorkspace(context, from, to));
}

function addCredentials(program: Command, context: CommandContext): void {
  const credentials = program.command("credentials").description("the stored credentials of connections");
  credentials
    .command("check")
    .description("count credentials by encryption key, and list the keys that no credential uses")
    .option(...JSON_OPTION)
    .action((options: { json?: true }) => checkCredentials(context, options));
  credentials
    .command("reencrypt")
    .description("re-encrypt all credentials with the current encryption key, also while servers run")
    .action(() => reencryptCredentials(context));
}
