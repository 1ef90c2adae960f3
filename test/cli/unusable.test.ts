import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openStore } from "../../src/store/open-store.js";
import { commandLine } from "../support/command-line.js";
import { newDataFolder } from "../support/data-folder.js";

/** Everything that crmesh needs from the machine can be missing. The user gets one sentence that says what to do. */
let folder: string;
let dataDir: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "crmesh-unusable-"));
  dataDir = await newDataFolder();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
});

/** In production, the steps of the start are not printed. */
const serve = (environment: Record<string, string>) =>
  commandLine(["serve"], {
    CRMESH_DATA_DIR: dataDir,
    NODE_ENV: "production",
    CRMESH_LOG_LEVEL: "silent",
    ...environment,
  });
const sentence = (code: number, stderr: string) => ({ code, stdout: "", stderr: `crmesh: ${stderr}\n` });

describe("the address", () => {
  test("with a port that another program uses", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      expect(await serve({ PORT: String(port) })).toEqual(
        sentence(
          3,
          `Port ${port} on 127.0.0.1 is in use by another program. Stop it, or choose another port with PORT or --port.`,
        ),
      );
    } finally {
      other.close();
    }
  });

  test("that the machine does not have", async () => {
    // An address of the documentation (RFC 5737).
    expect(await serve({ HOST: "192.0.2.1", PORT: "0" })).toEqual(
      sentence(3, "This machine does not have the address 192.0.2.1. Set HOST or --host to one of its addresses."),
    );
  });

  test("with a name that does not exist", async () => {
    // No name of the domain `invalid` exists (RFC 2606).
    expect(await serve({ HOST: "crmesh.invalid", PORT: "0" })).toEqual(
      sentence(
        3,
        "The host crmesh.invalid has no address. Set HOST or --host to an address of this machine, such as 127.0.0.1.",
      ),
    );
  });
});

describe("the data folder", () => {
  const list = (CRMESH_DATA_DIR: string) => commandLine(["keys", "list"], { CRMESH_DATA_DIR });
  const cannot = (path: string, reason: string) =>
    sentence(
      3,
      `The data folder ${path} cannot be used: ${reason}. Set CRMESH_DATA_DIR to a folder that this user can write to.`,
    );

  test("below a file", async () => {
    expect(await list("/dev/null/data")).toEqual(
      cannot("/dev/null/data", "a part of its path is not a folder (ENOTDIR)"),
    );
  });

  test("that is a file", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    expect(await list(file)).toEqual(cannot(file, "it is not a folder (EEXIST)"));
  });

  test("that has a name of 300 characters", async () => {
    const long = join(folder, "x".repeat(300));
    expect(await list(long)).toEqual(cannot(long, "its path is too long (ENAMETOOLONG)"));
  });

  test("with a damaged database", async () => {
    const damaged = join(folder, "damaged");
    await mkdir(join(damaged, "db"), { recursive: true });
    await writeFile(join(damaged, "db", "PG_VERSION"), "17\n");
    const expected = sentence(
      3,
      `The database in ${damaged} cannot be opened. If it is damaged, restore a backup, or start with another data folder.`,
    );
    expect(await list(damaged)).toEqual(expected);
    // The lock is released: the second attempt fails in the same way.
    expect(await list(damaged)).toEqual(expected);
  });

  test("with a folder in the place of the key file", async () => {
    const path = join(dataDir, "encryption.key");
    await rm(path, { force: true });
    await mkdir(path);
    try {
      expect(await serve({ PORT: "0" })).toEqual(
        sentence(1, `The encryption key file ${path} cannot be read: a folder is in the place of a file (EISDIR).`),
      );
    } finally {
      await rm(path, { recursive: true });
    }
  });

  test("that another command has open", async () => {
    const store = await openStore({ dataDir });
    try {
      expect(await list(dataDir)).toEqual(
        sentence(3, `The data folder ${dataDir} is in use by process ${process.pid}. Stop that process first.`),
      );
    } finally {
      await store.close();
    }
  });
});
