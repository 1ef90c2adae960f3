import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  EncryptionKeyError,
  loadOrCreateKeyFile,
  newKeyRing,
  parseEncryptionKeys,
} from "../../src/store/encryption-keys.js";

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const base64 = (key: Uint8Array): string => Buffer.from(key).toString("base64");

describe("parseEncryptionKeys", () => {
  test("a single bare key has the id 1", () => {
    expect(parseEncryptionKeys(`${base64(bytes(7))}\n`)).toEqual({ current: "1", keys: new Map([["1", bytes(7)]]) });
  });

  test("the first of several keys is the current one", () => {
    const ring = parseEncryptionKeys(`2026:${base64(bytes(2))}, 2025:${base64(bytes(1)).replace("=", "")}`);
    expect(ring).toEqual({
      current: "2026",
      keys: new Map([
        ["2026", bytes(2)],
        ["2025", bytes(1)],
      ]),
    });
  });

  const key = randomBytes(32).toString("base64");
  test.each([
    ["nothing", "", "must be base64 of 32 bytes"],
    ["a short key", randomBytes(16).toString("base64"), "must be base64 of 32 bytes"],
    ["a long key", `a:${randomBytes(33).toString("base64")}`, "entry 1 of 1: the key must be base64"],
    ["hex", randomBytes(32).toString("hex"), "must be base64 of 32 bytes"],
    ["several without ids", `${key},${key}`, "entry 1 of 2: must be kid:base64"],
    ["an empty entry", `a:${key},`, "entry 2 of 2: must be kid:base64"],
    ["an empty id", `:${key}`, "entry 1 of 1: the key id must be"],
    ["key and id swapped", `${key}:a`, "entry 1 of 1: the key id must be"],
    ["too many colons", `a:b:${key}`, "entry 1 of 1: must be kid:base64"],
    ["an id twice", `a:${key},a:${key}`, "entry 2 of 2: its key id is used by an earlier entry"],
  ])("%s is refused without being echoed", (_what, text, message) => {
    let refusal: unknown;
    try {
      parseEncryptionKeys(text);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(EncryptionKeyError);
    expect(String(refusal)).toContain("CRMESH_ENCRYPTION_KEY");
    expect(String(refusal)).toContain(message);
    for (const part of text.split(/[,:]/).filter((each) => each.length > 4))
      expect(String(refusal)).not.toContain(part);
  });
});

test("every new key ring is another one", () => {
  const keyOf = () => Buffer.from(newKeyRing().keys.get("1") ?? []).toString("hex");
  expect(keyOf()).toHaveLength(64);
  expect(keyOf()).not.toBe(keyOf());
});

describe("loadOrCreateKeyFile", () => {
  let dataDir: string;
  const path = (): string => join(dataDir, "encryption.key");
  const empty = async (): Promise<boolean> => false;
  const full = async (): Promise<boolean> => true;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "crmesh-key-"));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  test("the file is created once, for its owner alone", async () => {
    const created = await loadOrCreateKeyFile(dataDir, empty);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(["encryption.key"]);
    expect(await loadOrCreateKeyFile(dataDir, full)).toEqual(created);
  });

  test("two that create it at once get the same key", async () => {
    const [a, b] = await Promise.all([loadOrCreateKeyFile(dataDir, empty), loadOrCreateKeyFile(dataDir, empty)]);
    expect(a).toEqual(b);
  });

  test("its loss is refused while there are credentials", async () => {
    await expect(loadOrCreateKeyFile(dataDir, full)).rejects.toThrow(EncryptionKeyError);
    await expect(loadOrCreateKeyFile(dataDir, full)).rejects.toThrow(
      `The encryption key file ${path()} is gone, but the store holds credentials encrypted with it.`,
    );
    expect(await readdir(dataDir)).toEqual([]);
  });

  test("a damaged file is refused by name, not echoed and not replaced", async () => {
    await writeFile(path(), "1:c3VycHJpc2U=");
    const refusal = await loadOrCreateKeyFile(dataDir, empty).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(EncryptionKeyError);
    expect(String(refusal)).toContain(path());
    expect(String(refusal)).not.toContain("c3VycHJpc2U");
  });
});
