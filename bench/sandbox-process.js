import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { providers } from "../dist/providers/index.js";
import { startSandbox } from "../dist/sandbox/public.js";
import { runChild } from "./child.js";

/** The account that the benchmark reads. */
const ACCOUNT = "bench";
const REQUEST_STARTED = "http.server.request.start";

/** The sandbox CRMs in a process of their own; on request it witnesses which calls arrive. */
runChild(async () => {
  const sandbox = await startSandbox();
  const origins = Object.fromEntries(sandbox.origins);
  const credentials = {
    ...Object.fromEntries(
      providers.all.map(({ slug, credentialFields }) => {
        const names = credentialFields.map(({ name }) => name);
        return [slug, pick(sandbox.credentials(slug, ACCOUNT), names)];
      }),
    ),
    // A private app's token: unlike an OAuth one it does not expire during a long run.
    hubspot: { accessToken: `pat-sandbox-${ACCOUNT}` },
  };
  let witnessed = [];
  const witness = ({ request }) => witnessed.push({ method: request.method, url: request.url });
  return {
    ready: { origins, credentials },
    answers: {
      watch() {
        witnessed = [];
        subscribe(REQUEST_STARTED, witness);
      },
      witnessed() {
        unsubscribe(REQUEST_STARTED, witness);
        return witnessed;
      },
    },
  };
});

function pick(values, names) {
  return Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
}
