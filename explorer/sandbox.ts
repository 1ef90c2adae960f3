import "./sandbox.css";
import { readSettings, rootElement } from "./settings.js";

/** What the script of Apollo's embedded Sandbox defines. */
declare global {
  interface Window {
    EmbeddedSandbox?: new (options: object) => unknown;
  }
}

const { endpoint, examples, headers } = readSettings();
const target = rootElement();

// Apollo's script stands before this one in the page, and both wait until the page is there. So it has run, or cannot be loaded.
if (window.EmbeddedSandbox === undefined) {
  const text = document.createElement("p");
  text.textContent = "Apollo Sandbox cannot be loaded: it needs the network, and a script from Apollo. ";
  target.replaceChildren(text);
} else {
  new window.EmbeddedSandbox({
    target: "#explorer",
    initialEndpoint: new URL(endpoint, location.href).href,
    endpointIsEditable: false,
    hideCookieToggle: true,
    runTelemetry: false,
    allowDynamicStyles: false,
    initialState: {
      document: examples[0]!.query,
      sharedHeaders: JSON.parse(headers) as Record<string, string>,
      includeCookies: false,
    },
  });
}
