import { capabilitiesOf } from "../providers/capabilities.js";
import type { Provider, ResourceAdapter } from "../providers/contract.js";
import type { AnyFieldMap, FieldEntry } from "../providers/field-map.js";
import { providers } from "../providers/index.js";
import type { OAuthDefinition } from "../providers/oauth/definition.js";

/** `docs/providers.md`, read off the adapters' own data. */
export function providersPage(): string {
  return `<!-- Generated from src/providers by \`npm run generate\`. -->
# Providers

What each CRM can do through crmesh, and under which names. The same is in the graph: \`providers { capabilities { … } }\`.
Fields that a table does not list are null or empty at that CRM; inputs and filters that it does not list are INVALID_INPUT.

${providers.all.map(providerSection).join("\n")}`;
}

function providerSection(provider: Provider): string {
  const fields = provider.credentialFields.map(({ name, label }) => `\`${name}\` (${label})`).join(", ");
  const limits = provider.limits.map(
    ({ description, requests, perSeconds }) => `- ${description}: ${requests} per ${perSeconds} s`,
  );
  return [
    `## ${provider.name} (\`${provider.slug}\`)`,
    "",
    `Credential fields: ${fields}.`,
    "",
    ...(provider.oauth ? oauthList(provider, provider.oauth) : []),
    "**Documented limits**",
    "",
    ...(limits.length > 0 ? limits : ["- The vendor publishes none."]),
    "",
    ...capabilitiesOf(provider).flatMap(({ resource, ...capability }) => [
      `### ${provider.name}: ${resource}s`,
      "",
      `- **Operations**: ${capability.operations.join(", ").toLowerCase()}`,
      `- **Needed in a create**: ${capability.requiredInputs.map((rule) => rule.split("|").join(" or ")).join(", ") || "nothing"}`,
      `- **Can be written**: ${capability.writableInputs.join(", ")}`,
      `- **Filters**: ${capability.filters.join(", ")}`,
      `- **Orders**: ${capability.orderFields.join(", ")}`,
      "",
      ...fieldTable((provider.resources[resource] as ResourceAdapter).map),
    ]),
    ...noteList("Worth knowing", provider.notes.quirks),
    ...noteList("Not verified against the vendor", provider.notes.unverified),
  ].join("\n");
}

function oauthList({ slug }: Provider, oauth: OAuthDefinition): string[] {
  const { servers, scopes, pkce, authorizationParameters = {} } = oauth;
  const variable = `CRMESH_${slug.toUpperCase()}_CLIENT`;
  const hosts = servers.map(({ label, authorizationEndpoint }) => `${label} (${new URL(authorizationEndpoint).host})`);
  const extra = Object.entries(authorizationParameters).map(([name, value]) => `\`${name}\`: \`${value}\``);
  return [
    "**OAuth**",
    "",
    `- **Client**: \`${variable}_ID\` and \`${variable}_SECRET\``,
    `- **Redirect URI to register**: \`<CRMESH_PUBLIC_URL>/connect/callback/${slug}\``,
    `- **Consent at**: ${hosts.join(", ")}`,
    `- **Scopes asked for**: ${scopes.map((scope) => `\`${scope}\``).join(", ")}`,
    ...(extra.length > 0 ? [`- **Asked for besides**: ${extra.join(", ")}`] : []),
    `- **PKCE**: ${pkce ? "S256" : "not taken by the vendor"}`,
    "",
  ];
}

function fieldTable(map: AnyFieldMap): string[] {
  const entries = Object.entries(map.fields).filter(
    (entry): entry is [string, FieldEntry<unknown>] => entry[1] !== undefined,
  );
  return [
    `| field | ${map.providerName}: ${map.nativeName} | |`,
    "|---|---|---|",
    ...entries.map(([name, entry]) => `| ${name} | ${nativeNames(entry)} | ${entry.note ?? ""} |`),
    ...(map.custom ? ["| customFields | the account’s own fields | |"] : []),
    "",
  ];
}

function nativeNames({ reads, linked }: FieldEntry<unknown>): string {
  if (linked) return `the linked ${linked.edge}’s ${linked.field}`;
  const names = typeof reads === "function" ? reads(() => true) : reads;
  // A dollar marks the parts of a record beside its fields.
  return names.map((name) => (name.startsWith("$") ? name.slice(1) : `\`${name}\``)).join(", ");
}

function noteList(title: string, notes: readonly string[] | undefined): string[] {
  return notes && notes.length > 0 ? [`**${title}**`, "", ...notes.map((note) => `- ${note}`), ""] : [];
}
