/** Imports point one way: http → graphql → connections → providers → upstream → errors. See docs/architecture.md. */
const ROOMS = {
  errors: [],
  observability: [],
  store: ["observability"],
  upstream: ["errors", "observability"],
  providers: ["upstream", "errors"],
  connections: ["providers", "store", "upstream", "errors", "observability"],
  graphql: ["connections", "providers", "store", "upstream", "errors", "observability"],
  connect: ["connections", "providers", "store", "errors", "observability"],
  http: ["graphql", "connections", "store", "errors", "observability"],
  sandbox: [],
  client: [],
};

/** Files outside the rooms that only the process may import: they know everything. */
const ROOTS =
  "^src/(server|primary|server-resources|shared-sandbox|config|config-error|config-facts|config-processes|demo)\\.ts$|^src/(cli|limits)/";

/** Rules for folders of a room that are listed from the innermost to the outermost: a folder imports itself and those before it. */
function inside(room, folders) {
  return folders.map((folder, index) => {
    const known = folders.slice(0, index + 1).map((name) => `^${room}/${name}/`);
    return {
      name: `${folder.replace("/", "-")}-of-${room.split("/")[1]}`,
      severity: "error",
      from: { path: `^${room}/${folder}/` },
      to: { path: `^${room}/`, pathNot: known },
    };
  });
}

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "A cycle of imports hides who depends on whom, one of types alone too.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "A file that nobody imports is dead; those of the browser are served, not imported.",
      severity: "error",
      from: { orphan: true, pathNot: "^src/(cli/main\\.ts$|connect/browser/)" },
      to: {},
    },
    {
      name: "no-dev-dependencies",
      severity: "error",
      from: { path: "^src" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "sandbox-by-its-door",
      comment:
        "The imitated CRMs must not be something that the real code leans on: public.ts is all that it sees of them.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/sandbox/" },
      to: { path: "^src/sandbox/", pathNot: "^src/sandbox/public\\.ts$" },
    },
    {
      name: "sandbox-only-for-the-server",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(sandbox/|(server|server-resources|shared-sandbox)\\.ts$)" },
      to: { path: "^src/sandbox/" },
    },
    {
      name: "sandbox-only-where-it-is-on",
      comment: "A server without the sandbox does not load it: only types are imported at the top of a file.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/sandbox/" },
      to: { path: "^src/sandbox/", dynamic: false, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "opentelemetry-only-where-it-is-on",
      comment: "A server without telemetry loads nothing of OpenTelemetry: only one file loads it, while it runs.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/observability/telemetry/sdk/" },
      to: { path: "node_modules/@opentelemetry/" },
    },
    {
      name: "telemetry-sdk-by-its-door",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/observability/telemetry/(sdk/|start\\.ts$)" },
      to: { path: "^src/observability/telemetry/sdk/" },
    },
    {
      name: "telemetry-sdk-is-loaded-late",
      severity: "error",
      from: { path: "^src/observability/telemetry/start\\.ts$" },
      to: { path: "^src/observability/telemetry/sdk/", dynamic: false, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "sandbox-kit-knows-no-crm",
      severity: "error",
      from: { path: "^src/sandbox/kit/" },
      to: { path: "^src/sandbox/", pathNot: "^src/sandbox/kit/" },
    },
    {
      name: "sandbox-oauth-knows-no-crm",
      severity: "error",
      from: { path: "^src/sandbox/oauth/" },
      to: { path: "^src/sandbox/", pathNot: "^src/sandbox/(oauth|kit)/" },
    },
    {
      name: "sandbox-crms-stand-alone",
      comment: "One imitated CRM's folder does not reach into another's, nor back to the door.",
      severity: "error",
      from: { path: "^src/sandbox/crms/([^/]+)/" },
      to: { path: "^src/sandbox/", pathNot: "^src/sandbox/(crms/$1|kit|oauth)/" },
    },
    {
      name: "client-needs-nothing",
      comment: "crmesh/client runs in browsers too, and is as small as it is because it imports nothing.",
      severity: "error",
      from: { path: "^src/client/" },
      to: { pathNot: "^src/client/" },
    },
    {
      name: "adapters-know-no-client",
      comment: "An adapter never touches GraphQL, the store, cockatiel or got.",
      severity: "error",
      from: { path: "^src/providers/" },
      to: { path: "node_modules/(graphql|type-graphql|@apollo|kysely|cockatiel|got)/" },
    },
    {
      name: "adapters-stand-alone",
      comment: "One CRM's folder does not reach into another's.",
      severity: "error",
      from: { path: "^src/providers/crm/([^/]+)/" },
      to: { path: "^src/providers/crm/[^/]+/", pathNot: "^src/providers/crm/$1/" },
    },
    // Within a room, each folder knows the ones before it.
    ...inside("src/providers", ["contract", "mapping", "kit"]),
    ...inside("src/providers", ["contract", "oauth"]),
    ...inside("src/graphql", ["operation", "plugins"]),
    ...inside("src/graphql", ["operation", "schema/shared"]),
    ...inside("src/connections", ["access", "calls", "credentials", "lifecycle", "linking"]),
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `direction-of-${room}`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: [room, ...allowed].map((name) => `^src/${name}/`) },
    })),
    {
      name: "roots-are-imported-by-roots",
      severity: "error",
      from: { pathNot: ROOTS },
      to: { path: ROOTS },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
