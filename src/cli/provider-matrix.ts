import { capabilitiesOf, type ResourceCapability } from "../providers/capabilities.js";
import type { Provider, ResourceAdapter } from "../providers/contract/contract.js";
import { EDGE_TARGETS, RESOURCES, type ResourceName } from "../providers/contract/model.js";

const NONE = "–";

interface Column {
  provider: Provider;
  capability: ResourceCapability;
}

/** The text of `docs/providers/README.md`: compares the providers. */
export function providerMatrix(providers: readonly Provider[]): string {
  const lines = [
    "<!-- Generated from src/providers by `npm run generate`. -->",
    "",
    "# Providers",
    "",
    "What each CRM can do through crmesh. The same is in the graph: `providers { capabilities { … } }`. A field that a CRM does not",
    "have is null or empty there; an input, filter or order that it does not have is `INVALID_INPUT`; a resource or operation,",
    "`UNSUPPORTED_RESOURCE`.",
    "",
    "| provider | connected by | contacts | leads | meetings | custom fields |",
    "|---|---|---|---|---|---|",
    ...providers.map(overview),
    "",
    "l list, g get, c create, u update, d delete.",
    "",
    "**Records by id in one call** (get and every edge; more are read in several calls)",
    "",
    "| provider | contacts | leads | meetings |",
    "|---|---|---|---|",
    ...providers.map(
      (provider) => `| ${provider.name} | ${RESOURCES.map((one) => batchSize(provider, one)).join(" | ")} |`,
    ),
    "",
    "**E-mail addresses in one search**, which joins persons across CRMs. An address that the CRM shows but does not search joins nothing.",
    "Leads without a number have the addresses of their contact.",
    "",
    "| provider | contacts | leads | fields that the search covers | calls of a full search |",
    "|---|---|---|---|---|",
    ...providers.map(emailSearches),
    "",
    ...RESOURCES.flatMap((resource) => resourceSection(resource, providers)),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function overview(provider: Provider): string {
  const capabilities = capabilitiesOf(provider);
  const operations = RESOURCES.map((resource) => {
    const found = capabilities.find((capability) => capability.resource === resource);
    return found ? found.operations.map((operation) => operation[0]!.toLowerCase()).join(" ") : NONE;
  });
  const custom = capabilities
    .filter(({ fields }) => fields.includes("customFields"))
    .map(({ resource }) => `${resource}s`);
  const auth = provider.oauth ? "OAuth 2.0" : "credentials";
  return `| [${provider.name}](${provider.slug}.md) | ${[auth, ...operations, custom.join(", ") || NONE].join(" | ")} |`;
}

function batchSize({ resources }: Provider, resource: ResourceName): string {
  const adapter = resources[resource] as ResourceAdapter | undefined;
  return adapter ? String(adapter.batchSize(new Set(["updatedAt"]))) : NONE;
}

function emailSearches({ name, resources }: Provider): string {
  const { contact, lead } = resources;
  const sizeOf = (adapter: typeof contact | typeof lead) => String(adapter?.byEmails?.batchSize ?? NONE);
  const covered = [contact?.map, lead?.map].flatMap((map) => map?.byEmails?.covers ?? []);
  const fields = [...new Set(covered)].map((field) => `\`${field}\``).join(", ");
  const size = contact?.byEmails?.batchSize ?? 0;
  const calls = contact?.cost.byEmails?.(size, new Set()).calls ?? 0;
  return `| ${name} | ${sizeOf(contact)} | ${sizeOf(lead)} | ${fields} | ${calls} |`;
}

/** Fields, filters and orders of one resource, with a column for each CRM that has it. */
function resourceSection(resource: ResourceName, providers: readonly Provider[]): string[] {
  const columns = providers.flatMap((provider): Column[] => {
    const capability = capabilitiesOf(provider).find((one) => one.resource === resource);
    return capability ? [{ provider, capability }] : [];
  });
  const all = (pick: (capability: ResourceCapability) => readonly string[]) => [
    ...new Set(columns.flatMap(({ capability }) => pick(capability))),
  ];
  const isEdge = (name: string) => name in EDGE_TARGETS[resource];
  const names = all(({ fields, writableInputs }) => [...fields, ...writableInputs]);
  const mark = ({ capability }: Column, name: string) => {
    const reads = capability.fields.includes(name);
    const writes = !capability.writableInputs.includes(name)
      ? ""
      : capability.createOnlyInputs.includes(name)
        ? "c"
        : "w";
    return `${reads ? "r" : ""}${writes}` || NONE;
  };
  const has = (pick: (capability: ResourceCapability) => readonly string[]) => (column: Column, name: string) =>
    pick(column.capability).includes(name) ? "yes" : NONE;
  return [
    `## ${resource[0]!.toUpperCase()}${resource.slice(1)}s`,
    "",
    "r read, w written, c written when created.",
    "",
    ...table(
      "field",
      columns,
      names.filter((name) => !isEdge(name)),
      mark,
    ),
    ...table("edge", columns, names.filter(isEdge), mark),
    ...table(
      "filter",
      columns,
      all(({ filters }) => filters),
      has(({ filters }) => filters),
    ),
    ...table(
      "order",
      columns,
      all(({ orderFields }) => orderFields),
      has(({ orderFields }) => orderFields),
    ),
  ];
}

function table(
  title: string,
  columns: readonly Column[],
  names: readonly string[],
  cell: (column: Column, name: string) => string,
): string[] {
  return [
    `| ${title} | ${columns.map(({ provider }) => provider.name).join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
    ...names.map((name) => `| ${name} | ${columns.map((column) => cell(column, name)).join(" | ")} |`),
    "",
  ];
}
