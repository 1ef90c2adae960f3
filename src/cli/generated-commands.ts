import type { Command } from "commander";
import { ERROR_CATALOGUE, ERROR_CODES } from "../errors/catalogue.js";
import { crmeshSchema, printCrmeshSchema } from "../graphql/schema/index.js";
import { subgraphOf } from "../graphql/subgraph/schema.js";
import { capabilitiesOf } from "../providers/capabilities.js";
import { dayOf, endingText, endingVersions, NOTICE_DAYS, type EndingVersion } from "../providers/api-versions.js";
import { providers } from "../providers/index.js";
import { day, typePrefix } from "./arguments.js";
import { clientErrorTypes } from "./client-error-types.js";
import { print, printJson, type CommandIo } from "./command-context.js";
import { RefusedError, UsageError } from "./command-errors.js";
import { errorsPage, errorsTable } from "./errors-page.js";
import { generatedFile, generatedFolder, type GeneratedOptions } from "./generated.js";
import { providerMatrix } from "./provider-matrix.js";
import { providerPage } from "./provider-page.js";

type ListOptions = GeneratedOptions & { json?: true };

/** Adds the commands whose output depends only on the code: the errors, the providers, their API versions, the schema. */
export function addGeneratedCommands(program: Command, io: CommandIo): void {
  addErrors(program, io);
  addProviders(program, io);
  addApiVersions(program, io);
  addSchema(program, io);
}

function addErrors(program: Command, io: CommandIo): void {
  program
    .command("errors")
    .description("print the catalogue of error codes")
    .option("--json", "print JSON")
    .option("--client", "the TypeScript types of crmesh/client")
    .option("--write <file>", "write docs/errors.md")
    .option("--check <file>", "fail when the file is stale")
    .action((options: ListOptions & { client?: true }) => {
      if (options.client) {
        const types = clientErrorTypes();
        return isToPrint(options) ? print(io, types) : generatedFile(options, types);
      }
      if (!isToPrint(options)) return generatedFile(options, errorsPage());
      if (options.json)
        return printJson(
          io,
          ERROR_CODES.map((code) => ({ code, ...ERROR_CATALOGUE[code] })),
        );
      print(io, errorsTable(io.isTerminal));
    });
}

function addProviders(program: Command, io: CommandIo): void {
  program
    .command("providers")
    .description("print what each provider can do")
    .option("--json", "print JSON")
    .option("--write <folder>", "write docs/providers")
    .option("--check <folder>", "fail when a file in it is stale")
    .action((options: ListOptions) => {
      const matrix = providerMatrix(providers.all);
      if (isToPrint(options)) return options.json ? printJson(io, providers.all.map(described)) : print(io, matrix);
      const pages = providers.all.map((provider): [string, string] => [`${provider.slug}.md`, providerPage(provider)]);
      return generatedFolder(options, { "README.md": matrix, ...Object.fromEntries(pages) });
    });
}

function described(provider: (typeof providers.all)[number]) {
  const { slug, name, oauth } = provider;
  return { slug, name, connectedBy: oauth ? "OAUTH" : "CREDENTIALS", capabilities: capabilitiesOf(provider) };
}

function addApiVersions(program: Command, io: CommandIo): void {
  program
    .command("api-versions")
    .description(`print the API versions of the CRMs that end within ${NOTICE_DAYS} days; fail if one has ended`)
    .argument("[date]", "the day to check for, such as 2027-03-30 (default: today)", day)
    .action((date: string = dayOf(Date.now())) => {
      const ending = endingVersions(providers.all, date);
      const lines = ending.map((one) => `${endingText(one)} ${one.version.source}`);
      print(io, lines.length > 0 ? lines.join("\n") : `No API version ends within ${NOTICE_DAYS} days of ${date}.`);
      const ended = ending.filter(({ daysLeft }) => daysLeft < 0);
      if (ended.length > 0)
        throw new RefusedError(`The vendor’s support has ended for: ${ended.map(nameOf).join(", ")}.`);
    });
}

function nameOf({ provider, version }: EndingVersion): string {
  return `${provider.name} ${version.name}`;
}

function addSchema(program: Command, io: CommandIo): void {
  program
    .command("schema")
    .description("print the GraphQL schema")
    .option("--subgraph", "the schema that federation gateways see at /subgraph")
    .option("--prefix <prefix>", "begins the names of the subgraph’s types and root fields", typePrefix)
    .option("--write <file>", "write it, such as schema.graphql")
    .option("--check <file>", "fail when the file is stale")
    .action(async (options: GeneratedOptions & { subgraph?: true; prefix?: string }) => {
      const { subgraph, prefix = io.environment["CRMESH_SUBGRAPH_PREFIX"] } = options;
      if (options.prefix !== undefined && !subgraph) throw new UsageError("--prefix needs --subgraph.");
      const schema = subgraph ? subgraphOf(await crmeshSchema(), providers.all, prefix).sdl : await printCrmeshSchema();
      return isToPrint(options) ? print(io, schema) : generatedFile(options, schema);
    });
}

function isToPrint({ write, check }: GeneratedOptions): boolean {
  return write === undefined && check === undefined;
}
