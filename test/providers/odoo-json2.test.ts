import http from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import type { Credentials } from "../../src/providers/contract/contract.js";
import { odoo } from "../../src/providers/crm/odoo/index.js";
import { odoo19Sandbox, odooSandbox } from "../../src/sandbox/crms/odoo/index.js";
import { startSandboxServer, type SandboxServer } from "../../src/sandbox/kit/server.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";
import { CrmConnections, type CrmConnection } from "../support/crm-connections.js";
import { withIdWrites } from "../support/id-writes.js";

/** How the adapter finds out which API an Odoo has, and what becomes of a connection if that changes. */

const contacts = withIdWrites(odoo.resources.contact!);

/** An address of an Odoo. What is behind it can change, as when an administrator upgrades the server. */
interface Front {
  origin: string;
  target: string;
  /** Paths that the server does not have. */
  lacks: (path: string) => boolean;
  paths: string[];
  close(): Promise<void>;
}

let odoo17: SandboxServer;
let odoo19: SandboxServer;
let front: Front;
let connections: CrmConnections;

beforeAll(async () => {
  [odoo17, odoo19] = await Promise.all([startSandboxServer(odooSandbox), startSandboxServer(odoo19Sandbox)]);
  front = await startFront();
  connections = new CrmConnections({ provider: odoo, origin: front.origin });
});
beforeEach(() => use(odoo19));
afterAll(async () => {
  await connections.close();
  await front.close();
  await Promise.all([odoo17.close(), odoo19.close()]);
});

async function startFront(): Promise<Front> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "/";
      made.paths.push(path);
      if (made.lacks(path)) {
        response.writeHead(404, { "content-type": "text/html" }).end("<title>404 Not Found</title>");
        return;
      }
      const forward = http.request(
        `${made.target}${path}`,
        { method: request.method, headers: request.headers },
        (answer) => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        },
      );
      forward.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const made: Front = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: "",
    lacks: () => false,
    paths: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;
}

/** Puts a server behind the address. */
function use({ origin }: SandboxServer, lacks: Front["lacks"] = () => false): void {
  front.target = origin;
  front.lacks = lacks;
  front.paths = [];
}

const JSON_2 = expect.stringMatching(/^\/json\/2\//);
const isRpc = (path: string) => path === "/jsonrpc";
const typed = (account: string) => odooSandbox.credentials(account, front.origin, Date.now());
const verify = (credentials: Credentials) => odoo.verify(connections.connect(credentials).exchange, credentials);

async function connected(account: string): Promise<CrmConnection> {
  const { credentials } = await verify(typed(account));
  front.paths = [];
  return connections.connect(credentials);
}

async function listed({ context }: CrmConnection): Promise<number> {
  const query = { filter: {}, orderBy: null, limit: 3, cursor: null, select: new Set(["fullName"]) };
  return (await contacts.list(context, query)).records.length;
}

async function failure(promise: Promise<unknown>): Promise<CrmError> {
  const error: unknown = await promise.then(
    () => new Error("The call was expected to fail."),
    (reason: unknown) => reason,
  );
  if (error instanceof CrmError) return error;
  throw error;
}

describe("connecting", () => {
  test("an Odoo 19 is called over JSON-2 from the beginning", async () => {
    expect((await verify(typed("acme"))).credentials).toEqual({ ...typed("acme"), uid: "2", api: "JSON-2" });
    expect(front.paths).toEqual([JSON_2, JSON_2]);
  });

  test("an Odoo 17 has no JSON-2, and is called over JSON-RPC", async () => {
    use(odoo17);
    expect((await verify(typed("acme"))).credentials).toEqual({ ...typed("acme"), uid: "2", api: "JSON-RPC" });
    expect(front.paths).toEqual([JSON_2, "/jsonrpc"]);
  });

  test("the credential of JSON-2 is in headers, never in the address or the body", () => {
    const request = odoo.authorize(
      { method: "POST", path: "/json/2/m/f", json: { model: "m", method: "f", ids: [5], args: { a: 1 } }, safe: true },
      { ...typed("acme"), uid: "2", api: "JSON-2" },
    );
    expect(request).toMatchObject({
      path: "/json/2/m/f",
      json: { ids: [5], a: 1 },
      headers: { authorization: "bearer odoo-sandbox-acme", "x-odoo-database": "acme" },
    });
    expect(JSON.stringify({ ...request, headers: {} })).not.toContain("odoo-sandbox-acme");
  });

  test.each([
    ["a wrong key", { apiKey: "wrong" }],
    ["a key of another login", { login: "nobody" }],
  ])("%s is refused by an Odoo with both APIs and by one without JSON-RPC", async (_what, wrong) => {
    for (const lacks of [() => false, isRpc]) {
      use(odoo19, lacks);
      const error = await failure(verify({ ...typed("acme"), ...wrong }));
      expect([error.code, error.credentialRefused]).toEqual(["PROVIDER_AUTH_FAILED", false]);
      expect(error.details.detail).toMatch(/^Odoo refused this combination/);
    }
  });

  test("an address without any API of Odoo is said to have none", async () => {
    use(odoo19, () => true);
    const error = await failure(verify(typed("acme")));
    expect(error.code).toBe("PROVIDER_ERROR");
    expect(error.details.detail).toBe("There is no Odoo API at this address, or no database with this name.");
  });

  test("a database whose name no header can carry is called over JSON-RPC", async () => {
    await failure(verify({ ...typed("acme"), database: "größe" }));
    expect(front.paths).toEqual(["/jsonrpc"]);
  });
});

describe("a server that changes behind a connection", () => {
  test("is called over JSON-RPC after a downgrade, and the connection keeps that", async () => {
    const connection = await connected("acme");
    expect(await listed(connection)).toBe(3);
    expect(front.paths).toEqual([JSON_2]);
    use(odoo17);
    expect(await listed(connection)).toBe(3);
    expect(front.paths).toEqual([JSON_2, JSON_2, "/jsonrpc", "/jsonrpc"]);
    expect(await connection.credentials()).toMatchObject({ api: "JSON-RPC" });
    front.paths = [];
    expect(await listed(connection)).toBe(3);
    expect(front.paths).toEqual(["/jsonrpc"]);
  });

  test("is called over JSON-2 after an upgrade to an Odoo without JSON-RPC", async () => {
    use(odoo17);
    const connection = await connected("acme");
    expect(await listed(connection)).toBe(3);
    use(odoo19, isRpc);
    expect(await listed(connection)).toBe(3);
    expect(await connection.credentials()).toMatchObject({ api: "JSON-2" });
    front.paths = [];
    expect(await listed(connection)).toBe(3);
    expect(front.paths).toEqual([JSON_2]);
  });

  test("still answers connections from before JSON-2 over JSON-RPC, as long as it has it", async () => {
    const connection = connections.connect({ ...typed("acme"), uid: "2" });
    expect(await listed(connection)).toBe(3);
    expect(front.paths).toEqual(["/jsonrpc"]);
  });

  test("carries out a create that meets the change once", async () => {
    use(odoo17);
    const connection = await connected("switch");
    use(odoo19, isRpc);
    const id = await contacts.create(connection.context, { fullName: "Only Once" });
    const query = { filter: { name: "Only Once" }, orderBy: null, limit: 10, cursor: null, select: new Set<string>() };
    const { records } = await contacts.list(connection.context, query);
    expect(records.map(({ nativeId }) => nativeId)).toEqual([id]);
  });

  test("that has no API for a while is no reason to connect again", async () => {
    const connection = await connected("acme");
    use(odoo19, () => true);
    expect((await failure(listed(connection))).code).toBe("PROVIDER_ERROR");
    use(odoo19);
    expect(await listed(connection)).toBe(3);
    expect(await connection.credentials()).toMatchObject({ api: "JSON-2" });
  });

  test("that refuses the key over JSON-2 needs the end user", async () => {
    const { credentials } = await verify(typed("acme"));
    const connection = connections.connect({ ...credentials, apiKey: "revoked" });
    expect((await failure(listed(connection))).code).toBe("NEEDS_REAUTH");
  });
});

describe("answers of JSON-2", () => {
  const exception = (status: number, name: string, message = "no") => ({
    status,
    headers: {},
    isJson: true,
    body: new AnswerBody({
      name,
      message,
      arguments: [message],
      context: {},
      debug: "Traceback (most recent call last)",
    }),
  });

  test.each([
    [exception(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey"), "PROVIDER_AUTH_FAILED", {}],
    [
      exception(403, "odoo.exceptions.AccessError"),
      "PROVIDER_AUTH_FAILED",
      { detail: "The Odoo user lacks a permission." },
    ],
    [
      exception(404, "werkzeug.exceptions.NotFound", "the model 'crm.lead' does not exist"),
      "UNSUPPORTED_RESOURCE",
      { detail: "The Odoo app that stores these records is not installed." },
    ],
    [exception(404, "werkzeug.exceptions.NotFound", "the method 'x' does not exist"), "PROVIDER_ERROR", {}],
    [exception(409, "odoo.exceptions.LockError"), "PROVIDER_UNAVAILABLE", {}],
    [
      exception(422, "odoo.exceptions.UserError", "A person must have a name."),
      "INVALID_INPUT",
      { detail: "Odoo: A person must have a name." },
    ],
    [
      exception(
        422,
        "odoo.exceptions.ValidationError",
        "The operation cannot be completed: Missing required value for the field 'Need' (x_need).\nModel: 'Lead' (crm.lead)\n",
      ),
      "INVALID_INPUT",
      { errors: { x_need: "Odoo needs a value here." } },
    ],
    [exception(422, "werkzeug.exceptions.UnprocessableEntity", "missing a required argument"), "PROVIDER_ERROR", {}],
    [
      exception(500, "builtins.ValueError"),
      "PROVIDER_ERROR",
      { upstream: { status: 500, code: "builtins.ValueError" } },
    ],
  ])("%j is understood", (response, code, details) => {
    const error = odoo.traits.classify(response)!;
    expect(error.code).toBe(code);
    expect(error.details).toMatchObject(details);
    expect(error.recordMissing).toBe(false);
    expect(error.credentialRefused).toBe(response.status === 401);
    expect(inspect(error.details)).not.toContain("Traceback");
  });

  test("a missing record is told from a missing path", () => {
    const missing = odoo.traits.classify(exception(404, "odoo.exceptions.MissingError"))!;
    expect([missing.recordMissing, missing.credentialRefused]).toEqual([true, false]);
    const page = { status: 404, headers: {}, isJson: false, body: new AnswerBody("<html>") };
    const absent = odoo.traits.classify(page)!;
    expect([absent.recordMissing, absent.credentialRefused]).toEqual([false, true]);
  });

  test("a field of a model that is called error is no failure", () => {
    const fields = { error: { type: "char", string: "Error" }, name: { type: "char", string: "Name" } };
    expect(odoo.traits.classify({ status: 200, headers: {}, isJson: true, body: new AnswerBody(fields) })).toBeNull();
  });
});
