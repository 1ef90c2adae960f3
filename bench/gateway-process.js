import { COMPOSERS, compose } from "../test/federation/composition.js";
import { GATEWAYS } from "../test/federation/gateways.js";
import { startSubgraphs } from "../test/federation/subgraphs.js";
import { runChild } from "./child.js";

/** A gateway from npm, with crmesh and a subgraph that names records of CRMs. */
runChild(async ({ gateway, origin, headers }) => {
  const { native } = await startSubgraphs();
  const url = `${origin}/subgraph`;
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ _service { sdl } }" }),
  });
  const { data } = await response.json();
  const parts = [{ name: "crmesh", sdl: data._service.sdl, url }, native];
  const { supergraph, errors } = compose(COMPOSERS["@apollo/composition"], parts);
  if (errors.length > 0) throw new Error(`The subgraphs do not compose: ${JSON.stringify(errors)}`);
  const started = await GATEWAYS[gateway](supergraph, parts);
  return { ready: { url: started.url } };
});
