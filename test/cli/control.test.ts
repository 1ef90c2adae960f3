import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { askServer } from "../../src/cli/control/control-client.js";
import { startControlServer, type ControlOptions, type ControlServer } from "../../src/cli/control/control-server.js";
import { MAX_REQUEST_BYTES } from "../../src/cli/control/protocol.js";
import { serveCommands } from "../../src/cli/control/served-commands.js";
import { readConfig } from "../../src/config.js";
import { providers } from "../../src/providers/index.js";
import { openStore, type Store } from "../../src/store/open-store.js";
import { commandLine } from "../support/command-line.js";
import { newDataFolder } from "../support/data-folder.js";

const REQUEST = { args: ["keys", "list"], isTerminal: false };
let dataDir: string;
let ends: (() => Promise<unknown>)[];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "crmesh-control-"));
  ends = [() => rm(dataDir, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
});

const socketOf = (folder = dataDir) => join(folder, "control.sock");

async function start(options: Partial<ControlOptions> = {}): Promise<ControlServer> {
  const control = await startControlServer({
    dataDir,
    run: () => Promise.resolve(0),
    onError: () => {},
    ...options,
  });
  ends.push(() => control.close());
  return control;
}

function open(): Socket {
  const socket = connect({ path: socketOf() });
  ends.push(() => Promise.resolve(socket.destroy()));
  socket.setEncoding("utf8");
  return socket;
}

async function textUntilClosed(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (part: string) => (text += part));
  socket.on("error", () => {});
  await once(socket, "close");
  return text;
}

async function ask(folder = dataDir, acceptTimeoutMs?: number) {
  const output = { out: "", err: "" };
  const exitCode = await askServer(
    folder,
    REQUEST,
    { out: (text) => void (output.out += text), err: (text) => void (output.err += text) },
    acceptTimeoutMs,
  );
  return { exitCode, ...output };
}

describe("the socket", () => {
  test("carries a command, its output and its exit code", async () => {
    await start({
      run: (request, { out, err }) => {
        out(`${JSON.stringify(request)}\nü\u2028`);
        err("a warning\n");
        return Promise.resolve(7);
      },
    });
    expect(await ask()).toEqual({ exitCode: 7, out: `${JSON.stringify(REQUEST)}\nü\u2028`, err: "a warning\n" });
  });

  test("can be opened by this user only, whatever the umask is, and is gone after the stop", async () => {
    const umask = process.umask(0);
    let control: ControlServer;
    try {
      control = await start();
    } finally {
      process.umask(umask);
    }
    const { mode } = await stat(socketOf());
    expect((mode & 0o777).toString(8)).toBe("600");
    expect(await readdir(dataDir)).toEqual(["control.sock"]);
    await control.close();
    expect(await readdir(dataDir)).toEqual([]);
    expect((await ask()).exitCode).toBeNull();
  });

  test("of a dead server is nobody's, and the next server replaces it", async () => {
    await writeFile(socketOf(), "");
    expect((await ask()).exitCode).toBeNull();
    await start();
    expect((await ask()).exitCode).toBe(0);
  });

  test("works in a folder whose path is longer than the path of a socket may be", async () => {
    const deep = join(dataDir, "d".repeat(100), "e".repeat(100));
    await mkdir(deep, { recursive: true });
    await start({ dataDir: deep });
    expect(Buffer.byteLength(socketOf(deep))).toBeGreaterThan(200);
    expect((await stat(socketOf(deep))).isSocket()).toBe(true);
    expect((await ask(deep)).exitCode).toBe(0);
  });
});

describe("a client", () => {
  const line = (bytes: number) => `${JSON.stringify({ args: ["x".repeat(bytes)], isTerminal: false })}\n`;

  test.each([
    ["that sends no JSON", "keys list\n"],
    ["that sends another form", '{"args":"keys"}\n'],
    ["that sends too much", line(MAX_REQUEST_BYTES)],
    ["that sends too much without an end", "x".repeat(MAX_REQUEST_BYTES + 1)],
  ])("%s gets no answer, and nothing runs", async (_, text) => {
    let runs = 0;
    await start({ run: () => Promise.resolve((runs += 1)) });
    const socket = open();
    socket.write(text);
    expect(await textUntilClosed(socket)).toBe("");
    expect(runs).toBe(0);
  });

  test("may send a long request", async () => {
    await start({ run: ({ args }) => Promise.resolve(args[0]!.length) });
    const socket = open();
    socket.write(line(MAX_REQUEST_BYTES - 100));
    expect(await textUntilClosed(socket)).toContain(`{"exitCode":${MAX_REQUEST_BYTES - 100}}`);
  });

  test("that sends half a request is closed after a while", async () => {
    await start({ clientTimeoutMs: 20 });
    const socket = open();
    socket.write('{"args":');
    expect(await textUntilClosed(socket)).toBe("");
  });

  test("that leaves does not end its command, for which the stop waits", async () => {
    const begun = new EventTarget();
    let finish = () => {};
    let done = false;
    const control = await start({
      run: async (_request, { out }) => {
        const finished = new Promise<void>((resolve) => (finish = resolve));
        begun.dispatchEvent(new Event("begun"));
        await finished;
        out("nobody reads this");
        done = true;
        return 0;
      },
    });
    const hasBegun = once(begun, "begun");
    const socket = open();
    socket.write(`${JSON.stringify(REQUEST)}\n`);
    await hasBegun;
    socket.destroy();
    await once(socket, "close");
    const closed = control.close();
    finish();
    await closed;
    expect(done).toBe(true);
  });
});

describe("a server", () => {
  async function played(answer: (socket: Socket) => void): Promise<Server> {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      answer(socket);
    });
    server.listen({ path: socketOf() });
    await once(server, "listening");
    ends.push(() => Promise.resolve(server.close()));
    return server;
  }

  test("that hangs is given up", async () => {
    await played(() => {});
    await expect(ask(dataDir, 20)).rejects.toThrow("The running server does not take the command.");
  });

  test("that dies during the command is reported", async () => {
    await played((socket) => socket.end('{"accepted":true}\n{"out":"half"}\n'));
    await expect(ask()).rejects.toThrow("The server ended before the command did.");
  });

  test("whose command throws ends the connection without an exit code, and goes on", async () => {
    const errors: unknown[] = [];
    await start({
      run: () => Promise.reject(new RangeError("a bug")),
      onError: (error) => void errors.push(error),
    });
    await expect(ask()).rejects.toThrow("The server ended before the command did.");
    expect(errors).toEqual([new RangeError("a bug")]);
    await expect(ask()).rejects.toThrow("The server ended");
  });
});

describe("commands", () => {
  let store: Store;
  beforeEach(async () => {
    dataDir = await newDataFolder();
    ends.push(() => rm(dataDir, { recursive: true, force: true }));
    store = await openStore({ dataDir });
    ends.push(() => store.close());
    const environment = { CRMESH_DATA_DIR: dataDir };
    const control = await serveCommands({ store, config: readConfig(environment, providers) }, environment, () => {});
    ends.push(() => control.close());
  });

  const crmesh = (args: string[], options?: { isTerminal?: boolean }) =>
    commandLine(args, { CRMESH_DATA_DIR: dataDir }, options);

  test("that need the store run where it is open, with the same output and exit codes", async () => {
    const made = await crmesh([
      "keys",
      "create",
      "--env",
      "test",
      "--name",
      "k",
      "--workspace",
      "a",
      "--create-workspace",
    ]);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sk_test_\w+\n\nkey_/), stderr: "" });
    expect(await store.apiKeys.list()).toMatchObject([{ name: "k" }]);

    expect((await crmesh(["keys", "list"])).stdout).toMatch(/^key_\w+\tsk_test_/);
    expect((await crmesh(["keys", "list"], { isTerminal: true })).stdout).toMatch(/^ID +KEY +/);
    expect(JSON.parse((await crmesh(["workspaces", "list", "--json"])).stdout)).toMatchObject([{ name: "a" }]);
    expect(await crmesh(["credentials", "check"])).toMatchObject({ code: 0, stderr: "There are no credentials.\n" });
    expect(await crmesh(["keys", "revoke", "key_nosuch"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "crmesh: There is no key key_nosuch.\n",
    });
  });

  test.each([[["schema", "--write", "/tmp/x"]], [["providers", "--write", "/tmp/x"]], [["serve"]]])(
    "%j does not run in a server",
    async (args) => {
      let stderr = "";
      const exitCode = await askServer(
        dataDir,
        { args, isTerminal: false },
        { out: () => {}, err: (text) => void (stderr += text) },
      );
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/^error: unknown command/) });
    },
  );
});
