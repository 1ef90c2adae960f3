import type { Example } from "./settings.js";

/** The API key and the end user with which the examples are sent. */
export interface Caller {
  key: string;
  endUser: string;
}

/** A contact of the demo end user at each sandbox CRM. */
const PERSON = "grace.muller.35@example.com";

const ALL_CONNECTIONS = `# All CRMs of the end user at once. If one
# fails, the others still return their data.
query AllConnections {
  connections {
    provider {
      name
    }
    contacts(first: 3) {
      nodes {
        fullName
        emails {
          address
        }
      }
    }
    meetings(first: 3) {
      nodes {
        title
        startAt
        attendees {
          name
          email
        }
      }
    }
  }
}
`;

const MEETINGS_OF_ONE_PERSON = `# A person, found by e-mail address (see
# Variables below), with the person's meetings.
query MeetingsOfOnePerson($email: String!) {
  contacts(
    provider: "hubspot"
    first: 1
    filter: { email: $email }
  ) {
    nodes {
      fullName
      phones {
        number
        type
      }
      company {
        name
      }
      meetings(first: 5) {
        nodes {
          title
          startAt
          endAt
          status
          attendees {
            name
            email
          }
        }
      }
    }
  }
}
`;

const CREATE_MEETING = `# A write. crmesh checks the input before any
# call, and never repeats a write that may
# have succeeded.
mutation CreateMeeting($input: MeetingInput!) {
  createMeeting(
    provider: "hubspot"
    input: $input
  ) {
    id
    nativeId
    title
    startAt
    durationMinutes
  }
}
`;

const REHEARSED_FAILURE = `# X-Sandbox-Fault (see Headers below) makes
# two CRMs fail, as the real ones do. Each error
# says who can fix it, and when to retry.
query RehearsedFailure {
  connections {
    provider {
      name
    }
    contacts(first: 2) {
      nodes {
        fullName
      }
    }
  }
}
`;

const UPSTREAM_CALLS = `# 50 meetings with their contacts cost two or
# three calls to the CRM. X-Crmesh-Trace (see
# Headers below) lists them, and X-Crmesh-Price
# shows the most that the query can cost.
query UpstreamCalls {
  meetings(provider: "hubspot", first: 50) {
    nodes {
      title
      attendees {
        name
        contact {
          fullName
        }
      }
    }
  }
}
`;

const json = (value: object): string => JSON.stringify(value, null, 2);

/** The headers of the API key and the end user. Without a caller, the user of the page fills them in. */
export function headersOf(caller: Caller | null): Record<string, string> {
  return { Authorization: `Bearer ${caller?.key ?? ""}`, "X-End-User-Id": caller?.endUser ?? "" };
}

/** Headers with which a new tab begins, as JSON. */
export function defaultHeaders(caller: Caller | null): string {
  return json(headersOf(caller));
}

/**
 * The queries with which the explorer opens.
 * @param caller null if crmesh has no demo. Then the example for test keys is left out.
 */
export function examplesFor(caller: Caller | null): Example[] {
  const headers = (more: Record<string, string> = {}) => json({ ...headersOf(caller), ...more });
  const fault = { "X-Sandbox-Fault": "hubspot=PROVIDER_RATE_LIMITED, odoo=PROVIDER_UNAVAILABLE" };
  const input = { title: "Product demo", startAt: "2026-12-01T09:00:00Z", endAt: "2026-12-01T09:45:00Z" };
  return [
    { query: ALL_CONNECTIONS, headers: headers() },
    { query: MEETINGS_OF_ONE_PERSON, variables: json({ email: PERSON }), headers: headers() },
    { query: CREATE_MEETING, variables: json({ input }), headers: headers() },
    ...(caller === null ? [] : [{ query: REHEARSED_FAILURE, headers: headers(fault) }]),
    { query: UPSTREAM_CALLS, headers: headers({ "X-Crmesh-Trace": "calls", "X-Crmesh-Price": "show" }) },
  ];
}
