/** The same without any package and without types, in plain `fetch`: what every HTTP client in every language can do. */
const url = process.env.CRMESH_URL ?? "http://127.0.0.1:4000/graphql";
const headers = {
  "content-type": "application/json",
  authorization: `Bearer ${process.env.CRMESH_API_KEY ?? "sk_test_demo"}`,
  "x-end-user-id": process.env.END_USER_ID ?? "demo",
  ...(process.env.SANDBOX_FAULT ? { "x-sandbox-fault": process.env.SANDBOX_FAULT } : {}),
};

async function ask(query, variables) {
  const response = await fetch(url, {
    method: "POST",
    headers,
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(60_000),
  });
  // The status alone does not tell whether something failed: an answer with data and errors has 200.
  const { data = null, errors = [] } = await response.json();
  return { data, errors };
}

const query = `query Contacts($after: String) {
  contacts(provider: "hubspot", first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}`;

let count = 0;
for (let after = null, hasNextPage = true; hasNextPage;) {
  const { data, errors } = await ask(query, { after });
  for (const { message, extensions } of errors) {
    const { code, retryable, retryAfter, requestId } = extensions;
    const advice = retryable ? `try again ${retryAfter ? `in ${retryAfter} s` : "later"}` : extensions.resolution;
    console.log(`${code}: ${message}. ${advice} (request ${requestId})`);
  }
  if (!data?.contacts) break;
  count += data.contacts.nodes.length;
  ({ hasNextPage, endCursor: after } = data.contacts.pageInfo);
}
console.log(`${count} contacts`);
