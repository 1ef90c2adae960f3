import { createHash } from "node:crypto";
import type { Manifest } from "./bundle.js";
import type { ExplorerSettings } from "./settings.js";

export const ASSETS_PATH = "/explorer/assets";
/** Where each explorer is, whichever of them `/` shows. */
export const PATHS = { graphiql: "/explorer/graphiql", sandbox: "/explorer/sandbox" } as const;

export type ExplorerName = keyof typeof PATHS;

export interface ExplorerPage {
  status: number;
  html: string;
  contentSecurityPolicy: string;
  /** Seconds after which the page loads itself again. */
  reloadAfterS?: number;
}

/** Origins of Apollo's embedded Sandbox, which is loaded only on its own page. */
const APOLLO_SCRIPT = "https://embeddable-sandbox.cdn.apollographql.com";
const APOLLO_FRAME = "https://sandbox.embed.apollographql.com";
/** The version that Apollo Server names for its own landing page. */
const APOLLO_SCRIPT_URL = `${APOLLO_SCRIPT}/v2/embeddable-sandbox.umd.production.min.js`;

const RELOAD_AFTER_S = 2;

/** In every policy: nothing of the page may be framed, and no form or `<base>` leads elsewhere. */
const CLOSED = ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"];

/** Everything is of the server's own origin. Monaco, the editor, writes styles into the page. */
const GRAPHIQL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  ...CLOSED,
].join("; ");

/** Apollo decides what its frame loads. Its script, in this page, sends the requests to the graph. */
const SANDBOX_POLICY = [
  "default-src 'none'",
  `script-src 'self' ${APOLLO_SCRIPT}`,
  `style-src 'self' 'unsafe-inline' ${APOLLO_SCRIPT}`,
  "img-src 'self'",
  "connect-src 'self'",
  `frame-src ${APOLLO_FRAME}`,
  ...CLOSED,
].join("; ");

export function graphiqlPage({ icon, graphiql, workers }: Manifest, settings: Omit<ExplorerSettings, "workers">) {
  const paths = { editor: asset(workers.editor), json: asset(workers.json), graphql: asset(workers.graphql) };
  const head = `<link rel="icon" href="${asset(icon)}">
<link rel="stylesheet" href="${asset(graphiql.style)}">
<script type="module" src="${asset(graphiql.script)}"></script>`;
  const body = `<div id="explorer"${dataSettings({ ...settings, workers: paths })}><noscript>${NO_SCRIPT}</noscript></div>`;
  return { status: 200, html: html("crmesh: GraphiQL", head, body), contentSecurityPolicy: GRAPHIQL_POLICY };
}

export function sandboxPage({ icon, sandbox }: Manifest, settings: Omit<ExplorerSettings, "workers">): ExplorerPage {
  const head = `<link rel="icon" href="${asset(icon)}">
<link rel="stylesheet" href="${asset(sandbox.style)}">
<script src="${APOLLO_SCRIPT_URL}" defer></script>
<script type="module" src="${asset(sandbox.script)}"></script>`;
  const body = `<header><strong>crmesh</strong> <a href="${settings.other}">GraphiQL, which works offline</a></header>
<main id="explorer"${dataSettings(settings)}><noscript>${NO_SCRIPT}</noscript></main>`;
  return { status: 200, html: html("crmesh: Apollo Sandbox", head, body), contentSecurityPolicy: SANDBOX_POLICY };
}

/** The page while the explorer is built, and if it was not. */
export function unbuiltPage(state: "BUILDING" | "FAILED" | "NOT_BUILT", endpoint: string): ExplorerPage {
  const text = {
    BUILDING: "<h1>The explorer is being built</h1><p>This page opens it as soon as it is ready, in a few seconds.</p>",
    FAILED: `<h1>The explorer could not be built</h1><p>The log of crmesh says why. ${COMMAND}</p>`,
    NOT_BUILT: `<h1>The explorer is not built</h1><p>${COMMAND}</p>`,
  }[state];
  const body = `<main>${text}<p>The graph itself is ready: send queries to <code>POST ${endpoint}</code>.</p></main>`;
  return {
    status: 503,
    html: html("crmesh: explorer", `<style>${PLAIN_STYLE}</style>`, body),
    contentSecurityPolicy: ["default-src 'none'", `style-src '${PLAIN_STYLE_HASH}'`, ...CLOSED].join("; "),
    ...(state === "BUILDING" ? { reloadAfterS: RELOAD_AFTER_S } : {}),
  };
}

const NO_SCRIPT = "The explorer needs JavaScript.";
const COMMAND = "<code>npm run build:explorer</code> builds it. Then load this page again.";

/** Of the only page that is there before the stylesheet is built. */
const PLAIN_STYLE =
  ":root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}main{max-width:40rem;margin:15vh auto;padding:0 1rem}";
const PLAIN_STYLE_HASH = `sha256-${createHash("sha256").update(PLAIN_STYLE).digest("base64")}`;

const asset = (name: string): string => `${ASSETS_PATH}/${name}`;

function dataSettings(settings: object): string {
  return ` data-settings="${JSON.stringify(settings).replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`)}"`;
}

function html(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;
}
