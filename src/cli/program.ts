import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { ConfigError, TYPE_PREFIX, TYPE_PREFIX_RULE } from "../config.js";
import { BOUNDS } from "../graphql/operation/bounds.js";
import { crmeshSchema, printCrmeshSchema } from "../graphql/schema/index.js";
import { subgraphOf } from "../graphql/subgraph/schema.js";
import { providers } from "../providers/index.js";
import { NewerSchemaError, MigrationFailedError } from "../store/migrations/index.js";
import { EncryptionKeyError } from "../store/encryption-keys.js";
import { StoreUnavailableError } from "../store/faults.js";
import { StoreInUseError } from "../store/lock-file.js";
import { checkCredentials, reencryptCredentials } from "./credentials.js";
import { durationMs } from "./duration.js";
import { errorsPage, errorsTable } from "./errors-page.js";
import { createKey, listKeys, revokeKey, rotateKey, type CreateKeyOptions } from "./keys.js";
import { generatedFile, generatedFolder, type GeneratedOptions } from "./generated.js";
import type { CommandIo } from "./io.js";
import { providerMatrix } from "./provider-matrix.js";
import { providerPage } from "./provider-page.js";
import { serve } from "./serve.js";
import { UsageError } from "./usage-error.js";
import { listWorkspaces, renameWorkspace } from "./workspaces.js";

/** Errors that the user can fix. They are shown without their stack. */
const EXPECTED = [
  ConfigError,
  UsageError,
  StoreInUseError,
  StoreUnavailableError,
  NewerSchemaError,
  MigrationFailedError,
  EncryptionKeyError,
];

const DAY_MS = 86_400_000;

/**
 * Runs one command line, e.g. `["keys", "list"]`.
 *
 * @returns the exit status: 0, or 1 after an error, which is written to standard error
 */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    await commandLine(io).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // Commander has already written the help, or the error about an argument.
    if (error instanceof CommanderError) return error.exitCode;
    const expected = EXPECTED.some((type) => error instanceof type);
    io.err(`crmesh: ${expected ? (error as Error).message : String((error as Error).stack ?? error)}\n`);
    return 1;
  }
}

function commandLine(io: CommandIo): Command {
  const { environment } = io;
  const program = new Command("crmesh")
    .description("One GraphQL graph over the CRMs your customers already use.")
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  const print = (text: string): void => io.out(text.endsWith("\n") ? text : `${text}\n`);

  program
    .command("serve")
    .description("start the server")
    .action(() => serve(io));

  const keys = program.command("keys").description("API keys");
  keys
    .command("create")
    .description("create a key, which is shown once")
    .requiredOption("--env <environment>", "live or test", oneOf("live", "test"))
    .requiredOption("--name <name>", "what the key is for")
    .option("--scopes <scopes>", "comma-separated (default: all except raw:read)")
    .option(
      "--max-calls <n>",
      "the most upstream calls that one operation may cost (default: CRMESH_MAX_CALLS)",
      callLimit,
    )
    .option("--workspace <name>", "owner of the key; end users see its name on the Connect pages", "default")
    .action((options: CreateKeyOptions) => createKey(environment, print, options));
  keys
    .command("list")
    .description("list all keys, without their secrets")
    .action(() => listKeys(environment, print));
  keys
    .command("revoke")
    .description("end a key")
    .argument("<id>", "id (key_…) from `keys list`")
    .action((id: string) => revokeKey(environment, print, id));
  keys
    .command("rotate")
    .description("create a new key in place of an old one, which stays valid for a while")
    .argument("<id>", "id (key_…) from `keys list`")
    .addOption(
      new Option("--overlap <duration>", "how long the old key stays valid, such as 30m, 24h or 7d")
        .argParser(duration)
        .default(DAY_MS, "24h"),
    )
    .action((id: string, options: { overlap: number }) => rotateKey(environment, print, id, options));

  const workspaces = program.command("workspaces").description("workspaces, the owners of all data");
  workspaces
    .command("list")
    .description("all workspaces")
    .action(() => listWorkspaces(environment, print));
  workspaces
    .command("rename")
    .description("change the name that end users see on the Connect pages")
    .argument("<name>", "name from `workspaces list`")
    .argument("<new name>", "such as your product’s name")
    .action((from: string, to: string) => renameWorkspace(environment, print, from, to));

  const credentials = program.command("credentials").description("the stored credentials of connections");
  credentials
    .command("check")
    .description("count credentials by encryption key, and list the keys that may be removed")
    .action(() => checkCredentials(environment, print));
  credentials
    .command("reencrypt")
    .description("re-encrypt all credentials with the current encryption key, also while servers run")
    .action(() => reencryptCredentials(environment, print));

  program
    .command("errors")
    .description("print the catalogue of error codes")
    .option("--write <file>", "write docs/errors.md")
    .option("--check <file>", "fail when the file is stale")
    .action((options: GeneratedOptions) =>
      isToPrint(options) ? print(errorsTable()) : generatedFile(options, errorsPage()),
    );
  program
    .command("providers")
    .description("print what each provider can do")
    .option("--write <folder>", "write docs/providers")
    .option("--check <folder>", "fail when a file in it is stale")
    .action((options: GeneratedOptions) => {
      const matrix = providerMatrix(providers.all);
      if (isToPrint(options)) return print(matrix);
      const pages = providers.all.map((provider): [string, string] => [`${provider.slug}.md`, providerPage(provider)]);
      return generatedFolder(options, { "README.md": matrix, ...Object.fromEntries(pages) });
    });
  program
    .command("schema")
    .description("print the GraphQL schema")
    .option("--subgraph", "the schema that federation gateways see at /subgraph")
    .option("--prefix <prefix>", "begins the names of the subgraph’s types and root fields", typePrefix)
    .option("--write <file>", "write it, such as schema.graphql")
    .option("--check <file>", "fail when the file is stale")
    .action(async (options: GeneratedOptions & { subgraph?: true; prefix?: string }) => {
      const { subgraph, prefix = environment["CRMESH_SUBGRAPH_PREFIX"] } = options;
      if (options.prefix !== undefined && !subgraph) throw new UsageError("--prefix needs --subgraph.");
      const schema = subgraph ? subgraphOf(await crmeshSchema(), prefix).sdl : await printCrmeshSchema();
      return isToPrint(options) ? print(schema) : generatedFile(options, schema);
    });
  return program;
}

function isToPrint({ write, check }: GeneratedOptions): boolean {
  return write === undefined && check === undefined;
}

function oneOf(...values: string[]) {
  return (value: string): string => {
    if (values.includes(value)) return value;
    throw new InvalidArgumentError(`Expected ${values.join(" or ")}.`);
  };
}

function typePrefix(text: string): string {
  if (TYPE_PREFIX.test(text)) return text;
  throw new InvalidArgumentError(`${TYPE_PREFIX_RULE}.`);
}

function callLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= BOUNDS.calls.max) return limit;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${BOUNDS.calls.max}.`);
}

function duration(text: string): number {
  const ms = durationMs(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError("Expected a number with s, m, h or d, such as 24h.");
}
