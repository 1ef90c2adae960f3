/** The same types without generated documents: gql.tada derives them from the text of each document. */
import { createClient } from "crmesh/client";
import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./graphql-env.js";
import { settings } from "./settings.js";

const graphql = initGraphQLTada<{
  introspection: introspection;
  // As in codegen.ts: without these, they are `unknown`.
  scalars: { DateTime: string; URL: string; JSON: unknown };
}>();

const LastMeeting = graphql(`
  query LastMeeting($provider: String!) {
    meetings(provider: $provider, first: 1, orderBy: { field: STARTS_AT, direction: DESC }) {
      nodes {
        title
        startAt
      }
    }
  }
`);

const client = createClient(settings);
const { meetings } = await client.request(LastMeeting, { provider: "hubspot" });
for (const meeting of meetings?.nodes ?? []) {
  // `startAt` is a string here, not `unknown`.
  if (meeting) console.log(`${meeting.title ?? "(no title)"} on ${meeting.startAt.slice(0, 10)}`);
}
