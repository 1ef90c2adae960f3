import http from "node:http";
import { runChild } from "../child.js";

/** The access token of an account with this many custom fields. */
const TOKEN = /^Bearer pat-sandbox-own-(\d+)$/;

/**
 * The imitated HubSpot, whose accounts have as many custom fields as their tokens say. What was answered once is answered
 * again as it was, so that the CRM costs the same however many fields there are.
 */
runChild(async ({ origin }) => {
  const answers = new Map();
  const answerTo = async (url, authorization) => {
    const response = await fetch(origin + url, { headers: { authorization } });
    if (!response.ok) throw new Error(`HubSpot answered ${url} with ${response.status}.`);
    const body = JSON.stringify(widened(await response.json(), Number(TOKEN.exec(authorization)[1]), url));
    // Without the limit that the imitated HubSpot states, crmesh would keep to the documented one, and wait.
    const stated = [...response.headers].filter(([name]) => name.startsWith("x-hubspot-ratelimit-"));
    return { body, headers: { "content-type": "application/json", ...Object.fromEntries(stated) } };
  };
  // A connection is not closed while other servers are loaded.
  const server = http.createServer({ keepAliveTimeout: 72_000 }, (request, response) => {
    const { url, headers } = request;
    const key = `${headers.authorization} ${url}`;
    if (!answers.has(key)) answers.set(key, answerTo(url, headers.authorization));
    answers.get(key).then(
      ({ body, headers }) => response.writeHead(200, headers).end(body),
      (error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return { ready: { origins: { hubspot: `http://127.0.0.1:${server.address().port}` } } };
});

function widened(body, count, url) {
  const names = Array.from({ length: count }, (_, index) => `own_${index}`);
  if (url.includes("/properties/")) {
    const [{ groupName }] = body.results;
    const own = (name) => ({ name, label: name, type: "string", fieldType: "text", groupName, hubspotDefined: false });
    return { ...body, results: [...body.results.filter(({ hubspotDefined }) => hubspotDefined), ...names.map(own)] };
  }
  if (!url.includes("/contacts?")) return body;
  const values = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
  return { ...body, results: body.results.map((one) => ({ ...one, properties: { ...one.properties, ...values } })) };
}
