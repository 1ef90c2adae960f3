/** The program that a product would have: it reads all CRMs of an end user, and plans a meeting in one of them. */
import { createClient, isCrmeshError, paginate, retry } from "crmesh/client";
import { explain } from "./explain.js";
import { graphql } from "./gql/gql.js";
import { settings } from "./settings.js";

const Connections = graphql(`
  query Connections {
    connections {
      id
      provider {
        slug
      }
    }
  }
`);

const ContactPage = graphql(`
  query ContactPage($connection: ID!, $after: String) {
    connection(id: $connection) {
      contacts(first: 100, after: $after) {
        nodes {
          id
          fullName
          updatedAt
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        completeness {
          isComplete
        }
      }
    }
  }
`);

const CreateMeeting = graphql(`
  mutation CreateMeeting($provider: String!, $input: MeetingInput!) {
    createMeeting(provider: $provider, input: $input) {
      id
      title
      startAt
      contacts {
        fullName
      }
    }
  }
`);

const client = createClient(settings);
// Ctrl+C ends requests and waits.
const stopped = new AbortController();
process.once("SIGINT", () => stopped.abort(new Error("stopped")));
const { signal } = stopped;

/** Reads all contacts of one CRM. One CRM's failure must not hide the contacts of the others. */
async function countContacts(
  connection: string,
): Promise<{ count: number; lastChange: string; someone: string | null }> {
  let count = 0;
  let lastChange = "";
  let someone: string | null = null;
  const page = (after: string | null) =>
    // Waits that the user would not sit through are thrown instead.
    retry(() => client.request(ContactPage, { connection, after }, { signal }), { signal, maxWaitMs: 2_000 });
  for await (const contact of paginate(async (after) => (await page(after)).connection?.contacts, { signal })) {
    if (contact === null) continue;
    count += 1;
    someone ??= contact.id;
    if (contact.updatedAt && contact.updatedAt > lastChange) lastChange = contact.updatedAt;
  }
  return { count, lastChange, someone };
}

async function planMeeting(provider: string, contactId: string): Promise<string> {
  const input = {
    title: "Kick-off",
    startAt: "2027-01-12T09:00:00Z",
    endAt: "2027-01-12T09:30:00Z",
    contactIds: [contactId],
  };
  // Sent again only if it certainly was not carried out, so that there are never two meetings.
  const { createMeeting } = await retry(() => client.request(CreateMeeting, { provider, input }, { signal }), {
    signal,
    maxWaitMs: 2_000,
  });
  const names = createMeeting?.contacts?.map((contact) => contact?.fullName).join(", ");
  return `${createMeeting?.title} on ${createMeeting?.startAt} with ${names}`;
}

/** Prints what the task returns, or what to do about its error. */
async function report(subject: string, task: () => Promise<string>): Promise<void> {
  try {
    console.log(`${subject}: ${await task()}`);
  } catch (error) {
    if (!isCrmeshError(error)) throw error;
    console.log(`${subject} failed, ${error.code}, ${explain(error)}`);
  }
}

const { connections } = await client.request(Connections, {}, { signal });
let meetingWith: string | null = null;
for (const { id, provider } of connections ?? []) {
  await report(provider.slug, async () => {
    const { count, lastChange, someone } = await countContacts(id);
    if (provider.slug === "hubspot") meetingWith = someone;
    return `${count} contacts, the last change was on ${lastChange.slice(0, 10) || "no known day"}`;
  });
}
if (meetingWith !== null) {
  const contactId: string = meetingWith;
  await report("meeting", () => planMeeting("hubspot", contactId));
}
