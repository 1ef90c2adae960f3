import { capabilitiesOf } from "../providers/capabilities.js";
import type { Provider, ResourceAdapter } from "../providers/contract/contract.js";
import type { AnyFieldMap, FieldEntry } from "../providers/contract/field-map.js";
import type { OAuthDefinition } from "../providers/contract/oauth.js";
import { costList } from "./provider-costs.js";
import { writableInputs } from "../providers/mapping/write-record.js";

/** The text of `docs/providers/<slug>.md`, from the adapter's data. */
export function providerPage(provider: Provider): string {
  const { name, slug, notes } = provider;
  const lines = [
    `<!-- Generated from src/providers/crm/${slug} by \`npm run generate\`. -->`,
    "",
    `# ${name} (\`${slug}\`)`,
    "",
    "What works at each CRM is compared in [Providers](README.md).",
    "",
    "## Connecting",
    "",
    ...notes.setup.map((step, index) => `${index + 1}. ${step}`),
    "",
    ...(provider.oauth ? oauthList(provider, provider.oauth) : []),
    ...credentialList(provider),
    ...settingList(provider),
    "## Limits",
    "",
    ...limitList(provider),
    "",
    "## API versions",
    "",
    ...versionTable(provider),
    ...capabilitiesOf(provider).flatMap(({ resource, ...capability }) => [
      `## ${resource[0]!.toUpperCase()}${resource.slice(1)}s`,
      "",
      `- **Operations**: ${capability.operations.join(", ").toLowerCase()}`,
      `- **Needed in a create**: ${capability.requiredInputs.map((rule) => rule.split("|").join(" or ")).join(", ") || "nothing"}`,
      `- **Filters**: ${capability.filters.join(", ") || "none"}`,
      `- **Orders**: ${capability.orderFields.join(", ") || "none"}`,
      ...emailList(provider.resources[resource] as ResourceAdapter),
      ...costList(provider.resources[resource] as ResourceAdapter),
      "",
      ...fieldTable((provider.resources[resource] as ResourceAdapter).map),
    ]),
    ...noteList("Worth knowing", notes.quirks),
    ...noteList("Proven against", notes.proven),
    ...noteList("Not verified against the vendor", notes.unverified),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function oauthList({ slug }: Provider, oauth: OAuthDefinition): string[] {
  const { servers, ownServers, scopes, pkce, refreshes, question, authorizationParameters = {} } = oauth;
  const variable = `CRMESH_${slug.toUpperCase()}_CLIENT`;
  const hosts = servers.map(({ label, authorizationEndpoint }) => `${label} (${new URL(authorizationEndpoint).host})`);
  const extra = Object.entries(authorizationParameters).map(([name, value]) => `\`${name}\`: \`${value}\``);
  const asked = [
    ...scopes.map((scope) => `\`${scope}\``),
    ...(question ? question.scopes(`<${question.field.name}>`).map((scope) => `\`${scope}\``) : []),
  ];
  return [
    "**OAuth**",
    "",
    `- **Client**: \`${variable}_ID\` and \`${variable}_SECRET\``,
    `- **Redirect URI to register**: \`<CRMESH_PUBLIC_URL>/connect/callback/${slug}\``,
    `- **Consent at**: ${[...hosts, ...(ownServers ? [`the customer’s own ${ownServers.field.label}`] : [])].join(", ")}`,
    ...(question ? [`- **Asked of the end user first**: ${question.field.label}`] : []),
    `- **Scopes asked for**: ${asked.join(", ") || "those of the app as it is registered"}`,
    ...(extra.length > 0 ? [`- **Asked for besides**: ${extra.join(", ")}`] : []),
    `- **PKCE**: ${pkce ? "S256" : "not taken by the vendor"}`,
    ...(refreshes ? [] : ["- **Tokens** are not renewed: when the CRM refuses one, the end user connects again."]),
    "",
  ];
}

function credentialList({ credentialFields }: Provider): string[] {
  const fields = credentialFields.map(
    ({ name, label, hint, required }) =>
      `- \`${name}\`: ${label}${required ? "" : " (optional)"}${hint === undefined ? "" : `. ${hint}`}`,
  );
  return ["**Credential fields** of `createConnection`", "", ...fields, ""];
}

function settingList({ slug, settings = [] }: Provider): string[] {
  if (settings.length === 0) return [];
  const rows = settings.map(
    ({ variable, description, default: value }) =>
      `- \`CRMESH_${slug.toUpperCase()}_${variable}\`: ${description} (\`${value}\` unless set)`,
  );
  return ["**Settings**", "", ...rows, ""];
}

function limitList({ limits }: Provider): string[] {
  if (limits.length === 0) return ["The vendor publishes none."];
  return limits.map(({ description, requests, perSeconds }) => `- ${description}: ${requests} per ${perSeconds} s`);
}

function versionTable({ apiVersions }: Provider): string[] {
  const rows = apiVersions.map(
    ({ name, paths, supportedUntil, source, note }) =>
      `| ${name} | ${paths.map((path) => `\`${path}\``).join(", ")} | ${supportedUntil ?? "the vendor names no end"} | [document](${source}) | ${note ?? ""} |`,
  );
  return ["| version | paths | supported until | source | |", "|---|---|---|---|---|", ...rows, ""];
}

function emailList({ map, byEmails }: ResourceAdapter): string[] {
  if (!byEmails || !map.byEmails) return [];
  const { covers, source } = map.byEmails;
  return [
    `- **Found by e-mail addresses** in ${shown(covers)}: ${byEmails.batchSize} addresses in one search. Source: ${source}`,
  ];
}

function fieldTable(map: AnyFieldMap): string[] {
  const writable = new Set(writableInputs(map));
  const written = (name: string) => (map.createOnly?.includes(name) ? "written when created" : "written");
  const fields = Object.entries(map.fields).filter(
    (entry): entry is [string, FieldEntry<unknown>] => entry[1] !== undefined,
  );
  // Inputs without a field of the same name, such as the ids of linked records.
  const others = [...writable].filter((name) => !(name in map.fields) && name !== "customFields");
  return [
    `| field | ${map.providerName}: ${map.nativeName} | | |`,
    "|---|---|---|---|",
    ...fields.map(
      ([name, entry]) =>
        `| ${name} | ${nativeNames(entry)} | ${writable.has(name) ? `read, ${written(name)}` : "read"} | ${entry.note ?? ""} |`,
    ),
    ...others.map((name) => `| ${name} | ${writtenNames(map, name)} | ${written(name)} | |`),
    ...(map.custom
      ? [
          "| customFields | the account’s own fields, and the CRM’s by name | read, written | [Custom and standard fields](../custom-fields.md) |",
        ]
      : []),
    "",
  ];
}

function nativeNames({ reads, linked }: FieldEntry<unknown>): string {
  if (linked) return `the linked ${linked.edge}’s ${linked.field}`;
  return shown(typeof reads === "function" ? reads(() => true) : reads);
}

function writtenNames({ inputs, composites = [] }: AnyFieldMap, name: string): string {
  const composite = composites.find((one) => one.inputs.includes(name));
  return shown(inputs?.[name]?.native ?? composite?.native ?? []);
}

/** A `$` marks parts of a record that are not fields. */
function shown(names: readonly string[]): string {
  return names.map((name) => (name.startsWith("$") ? name.slice(1) : `\`${name}\``)).join(", ");
}

function noteList(title: string, notes: readonly string[]): string[] {
  return notes.length > 0 ? [`## ${title}`, "", ...notes.map((note) => `- ${note}`), ""] : [];
}
