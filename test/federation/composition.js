import { composeServices as composeByApollo } from "@apollo/composition";
import { composeServices as composeByGuild } from "@theguild/federation-composition";
import { parse } from "graphql";

/** Both composition libraries: each returns `supergraph`, or the codes of its errors. */
export const COMPOSERS = {
  "@apollo/composition": composeByApollo,
  "@theguild/federation-composition": composeByGuild,
};

/** @param subgraphs `{ name, sdl, url }` of each */
export function compose(composeServices, subgraphs) {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, sdl, url }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  return {
    supergraph: supergraphSdl,
    errors: (errors ?? []).map(({ message, extensions }) => ({ code: extensions.code, message })),
  };
}
