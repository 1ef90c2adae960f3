import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { odoo19Sandbox } from "../../src/sandbox/crms/odoo/index.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";

let server: SandboxServer;
beforeAll(async () => {
  server = await startSandboxServer(odoo19Sandbox);
});
afterAll(() => server.close());

async function call(path: string, json: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.origin}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: "bearer odoo-sandbox-acme",
      "x-odoo-database": "acme",
      ...headers,
    },
    body: JSON.stringify(json),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, isJson, body: isJson ? (JSON.parse(text) as unknown) : text };
}

test("methods answer their bare results to named arguments", async () => {
  const user = await call("/json/2/res.users/context_get", {});
  expect(user).toEqual({ status: 200, isJson: true, body: { lang: "en_US", tz: "UTC", uid: 2 } });
  const created = await call("/json/2/res.partner/create", { vals_list: [{ name: "Ann" }] });
  expect(created).toEqual({ status: 200, isJson: true, body: [expect.any(Number)] });
  const [id] = created.body as number[];
  expect((await call("/json/2/res.partner/write", { ids: [id], vals: { function: "CEO" } })).body).toBe(true);
  const search = { domain: [["id", "=", id]], fields: ["name", "function"] };
  expect((await call("/json/2/res.partner/search_read", search)).body).toEqual([{ id, name: "Ann", function: "CEO" }]);
  expect((await call("/json/2/res.partner/unlink", { ids: [id] })).body).toBe(true);
  expect((await call("/json/2/res.partner/search_read", search)).body).toEqual([]);
});

test.each([
  ["/json/2/res.partner/search_read", {}, { authorization: "bearer wrong" }, 401, "werkzeug.exceptions.Unauthorized"],
  ["/json/2/no.model/search_read", {}, {}, 404, "werkzeug.exceptions.NotFound"],
  ["/json/2/res.partner/nomethod", {}, {}, 404, "werkzeug.exceptions.NotFound"],
  ["/json/2/res.partner/_write", {}, {}, 403, "odoo.exceptions.AccessError"],
  ["/json/2/res.partner/unlink", { ids: [999_999] }, {}, 404, "odoo.exceptions.MissingError"],
  ["/json/2/crm.lead/create", { vals_list: [{ type: "lead" }] }, {}, 422, "odoo.exceptions.ValidationError"],
  ["/json/2/res.partner/write", { ids: [1] }, {}, 422, "werkzeug.exceptions.UnprocessableEntity"],
  ["/json/2/res.partner/search_read", { ids: [1] }, {}, 422, "werkzeug.exceptions.UnprocessableEntity"],
  ["/json/2/res.partner/search_read", { domain: [["nofield", "=", 1]] }, {}, 500, "builtins.ValueError"],
])("%s with %j and %j is %i %s", async (path, json, headers, status, name) => {
  const answer = await call(path, json, headers);
  expect(answer).toMatchObject({ status, isJson: true, body: { name, message: expect.any(String), context: {} } });
});

test("a database that does not exist has no such path", async () => {
  const answer = await call("/json/2/res.partner/search_read", {}, { "x-odoo-database": "No Such" });
  expect(answer).toMatchObject({ status: 404, isJson: false });
});

test("it has no mobile numbers, and says so as Odoo 19 does", async () => {
  const answer = await call("/json/2/res.partner/fields_get", { attributes: ["type"] });
  expect(Object.keys(answer.body as object)).not.toContain("mobile");
  const lead = await call("/json/2/crm.lead/create", { vals_list: [{ type: "lead" }] });
  expect((lead.body as { message: string }).message).toContain(
    "Missing required value for the field 'Opportunity' (name).",
  );
});
