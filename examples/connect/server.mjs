/**
 * A minimal product whose users can connect their CRM. This backend gets a connect token from crmesh, and the page opens
 * Connect with the token. The API key stays on the backend; the browser only receives the token.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const {
  PORT = "4100",
  CRMESH_URL = "http://127.0.0.1:4000",
  CRMESH_API_KEY = "sk_test_demo",
  END_USER_ID = "customer-42",
  END_USER_NAME = "Acme GmbH",
  APP_URL = "",
} = process.env;

const CREATE_TOKEN = `mutation($input: CreateConnectTokenInput!) {
  createConnectToken(input: $input) { token url expiresAt }
}`;

/** A real product takes the end user from its own session, never from the request. */
async function createConnectToken(provider) {
  // The popup reports to the origin of the redirect URL and to no other page.
  const redirectUrl = APP_URL || `http://127.0.0.1:${server.address().port}/`;
  const input = { endUserId: END_USER_ID, displayName: END_USER_NAME, redirectUrl, ...(provider ? { provider } : {}) };
  const response = await fetch(`${CRMESH_URL}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${CRMESH_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ query: CREATE_TOKEN, variables: { input } }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data.createConnectToken;
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const send = (status, type, body) => response.writeHead(status, { "content-type": type }).end(body);
  try {
    if (request.method === "GET" && url.pathname === "/") {
      const page = await readFile(new URL("index.html", import.meta.url), "utf8");
      return send(200, "text/html; charset=utf-8", page.replaceAll("%CRMESH_URL%", CRMESH_URL));
    }
    if (request.method === "POST" && url.pathname === "/connect-token") {
      const { token } = await createConnectToken(url.searchParams.get("provider"));
      return send(200, "application/json", JSON.stringify({ token }));
    }
    return send(404, "text/plain", "This path does not exist.\n");
  } catch (error) {
    console.error(error);
    return send(502, "application/json", JSON.stringify({ error: "crmesh did not create a connect token." }));
  }
});

server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`Open http://127.0.0.1:${server.address().port}/ (crmesh is expected at ${CRMESH_URL})`);
});
