#!/usr/bin/env node
import "reflect-metadata";
import { readFile, writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { ConfigError } from "../config.js";
import { printCrmeshSchema } from "../graphql/schema.js";
import { NewerSchemaError, MigrationFailedError } from "../store/migrations/index.js";
import { EncryptionKeyError } from "../store/encryption-keys.js";
import { StoreUnavailableError } from "../store/faults.js";
import { StoreInUseError } from "../store/lock-file.js";
import { errorsPage, errorsTable } from "./errors-page.js";
import { createKey, listKeys, revokeKey } from "./keys.js";
import { providersPage } from "./providers-page.js";
import { serve } from "./serve.js";
import { UsageError } from "./usage-error.js";

/** Faults that the person at the keyboard can mend; they are said in a sentence, others with their stack. */
const EXPECTED = [
  ConfigError,
  UsageError,
  StoreInUseError,
  StoreUnavailableError,
  NewerSchemaError,
  MigrationFailedError,
  EncryptionKeyError,
];

const program = new Command("crmesh").description("One GraphQL graph over the CRMs your customers already use.");

program
  .command("serve")
  .description("start the server")
  .action(() => serve(process.env));

const keys = program.command("keys").description("API keys");
keys
  .command("create")
  .description("make a key; it is shown once")
  .requiredOption("--env <environment>", "live or test", oneOf("live", "test"))
  .requiredOption("--name <name>", "what the key is for")
  .option("--scopes <scopes>", "comma-separated; all but raw:read unless given")
  .option("--workspace <name>", "whose key it is", "default")
  .action((options) => createKey(process.env, print, options));
keys
  .command("list")
  .description("all keys, without their secrets")
  .action(() => listKeys(process.env, print));
keys
  .command("revoke")
  .description("end a key")
  .argument("<id>", "key_…, as `keys list` shows it")
  .action((id) => revokeKey(process.env, print, id));

program
  .command("errors")
  .description("print the catalogue of error codes")
  .option("--write <file>", "write docs/errors.md")
  .option("--check <file>", "fail when the file is stale")
  .action((options) => generated(options, errorsPage, errorsTable));
program
  .command("providers")
  .description("print what each provider can do")
  .option("--write <file>", "write docs/providers.md")
  .option("--check <file>", "fail when the file is stale")
  .action((options) => generated(options, providersPage, providersPage));
program
  .command("schema")
  .description("print the GraphQL schema")
  .option("--write <file>", "write schema.graphql")
  .option("--check <file>", "fail when the file is stale")
  .action((options) => generated(options, printCrmeshSchema, printCrmeshSchema));

interface GeneratedOptions {
  write?: string;
  check?: string;
}

type Generator = () => string | Promise<string>;

async function generated({ write, check }: GeneratedOptions, page: Generator, shown: Generator): Promise<void> {
  if (write !== undefined) return writeFile(write, await page());
  if (check === undefined) return print(await shown());
  const kept = await readFile(check, "utf8").catch(() => null);
  if (kept !== (await page())) throw new UsageError(`${check} is stale: run npm run generate.`);
}

function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

function oneOf(...values: string[]) {
  return (value: string): string => {
    if (values.includes(value)) return value;
    throw new InvalidArgumentError(`It is one of ${values.join(", ")}.`);
  };
}

try {
  await program.parseAsync();
} catch (error) {
  const expected = EXPECTED.some((type) => error instanceof type);
  process.stderr.write(`crmesh: ${expected ? (error as Error).message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
}
