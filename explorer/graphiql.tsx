import { GraphiQL } from "graphiql";
// Loaded with the page, so that its styles are in the one stylesheet. GraphiQL imports it later.
import "monaco-graphql/esm/monaco-editor.js";
import { createRoot } from "react-dom/client";
import "./graphiql.css";
import { createFetcher } from "./fetcher.js";
import { readSettings, rootElement } from "./settings.js";
import { ExplorerStorage } from "./storage.js";

const settings = readSettings();
const storage = new ExplorerStorage(settings);
const first = storage.activeTab() ?? settings.examples[0]!;
const fetcher = createFetcher(settings.endpoint, settings.headers);

self.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(label === "json" || label === "graphql" ? settings.workers[label] : settings.workers.editor, {
      type: "module",
      name: label,
    }),
};

createRoot(rootElement()).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    defaultTabs={settings.examples.map(({ query, variables, headers }) => ({
      query,
      variables: variables ?? "",
      headers,
    }))}
    defaultHeaders={settings.headers}
    // GraphiQL shows the tab that was active, if it is told its content.
    initialQuery={first.query ?? ""}
    initialVariables={first.variables ?? ""}
    initialHeaders={first.headers ?? settings.headers}
    // The storage decides which headers are stored.
    shouldPersistHeaders
    showPersistHeadersSettings={false}
    defaultEditorToolsVisibility="headers"
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <span className="crmesh-links">
        crmesh
        <a href={settings.other} title="Loads a script from Apollo">
          Apollo Sandbox
        </a>
      </span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
