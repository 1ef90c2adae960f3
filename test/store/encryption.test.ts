import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import type { Ciphertexts } from "../../src/store/ciphertexts.js";
import { EncryptionKeyError, parseEncryptionKeys } from "../../src/store/encryption-keys.js";
import type { Store } from "../../src/store/open-store.js";
import { openVault } from "../../src/store/open-vault.js";
import { reencrypt } from "../../src/store/reencryption.js";
import { Vault } from "../../src/store/vault.js";
import { openNewStore } from "../support/data-folder.js";

const key = (fill: number): string => Buffer.alloc(32, fill).toString("base64");
const vaultOf = (keys: string): Vault => new Vault(parseEncryptionKeys(keys));
const [OLD, NEW] = [`old:${key(1)}`, `new:${key(2)}`];
const actor = { kind: "CRMESH" } as const;

const store: Store = await openNewStore();
const { id: workspaceId } = await store.workspaces.ensure("home");
const endUser = await store.endUsers.upsert({ workspaceId, environment: "live", externalId: "ann" });
const made: string[] = [];
afterAll(() => store.close());

// A store without credentials, without opening one anew: that takes seconds.
beforeEach(async () => {
  for (const id of made.splice(0)) {
    await store.connections.disconnect(workspaceId, "live", id, { type: "DISCONNECTED", actor });
  }
});

async function connect(provider: string, keys: string, tamper = (jwe: string): string => jwe): Promise<string> {
  const id = store.connections.newId();
  const credentials = tamper(await vaultOf(keys).encrypt(id, { token: provider }));
  const place = { id, workspaceId, environment: "live", endUserId: endUser.id, provider, credentials } as const;
  await store.connections.create(place, { type: "CREATED", actor });
  made.push(id);
  return id;
}

const row = async (id: string) => (await store.connections.get(workspaceId, "live", id))!;
const open = (encryptionKey: string | undefined, dataDir: string | null = null) =>
  openVault({ store, encryptionKey, dataDir });
const refusalOf = async (attempt: Promise<unknown>) =>
  attempt.then(
    () => null,
    (error: unknown) => error as Error,
  );

test("keys that open everything stored give a vault, whichever is the current one", async () => {
  const ids = [await connect("hubspot", OLD), await connect("odoo", NEW)];
  const { vault, keys } = await open(`${NEW},${OLD}`);
  expect(keys.current).toBe("new");
  for (const id of ids) expect(await vault.decrypt(id, (await row(id)).credentials!)).toHaveProperty("token");
});

test("a key that is missing is named, with what to do, and nothing of any key is", async () => {
  const id = await connect("hubspot", OLD);
  await connect("odoo", NEW);
  const refusal = await refusalOf(open(NEW));
  expect(refusal).toBeInstanceOf(EncryptionKeyError);
  expect(refusal?.message).toContain(`encrypted with the key "old" (e.g. those of ${id})`);
  expect(refusal?.message).toContain(
    'not among the keys given: "new". Add it again, as old:<key>, after the current key',
  );
  expect(String(refusal)).not.toContain(key(2).slice(0, 8));
});

test("a wrong key under a right id is named", async () => {
  const id = await connect("hubspot", OLD);
  const refusal = await refusalOf(open(`old:${key(9)}`));
  expect(refusal).toBeInstanceOf(EncryptionKeyError);
  expect(refusal?.message).toContain(`The key given as "old" is not the one that the stored credentials of ${id}`);
  expect(String(refusal)).not.toContain(key(9).slice(0, 8));
});

test("one that is damaged keeps no others from being used", async () => {
  const damaged = await connect("hubspot", OLD, (jwe) => jwe.replace(/\.([\w-]+)$/, `.${"A".repeat(22)}`));
  expect((await refusalOf(open(OLD)))?.message).toContain(damaged);
  const good = await connect("odoo", OLD);
  const { vault } = await open(OLD);
  expect(await vault.decrypt(good, (await row(good)).credentials!)).toEqual({ token: "odoo" });
  await expect(vault.decrypt(damaged, (await row(damaged)).credentials!)).rejects.toThrow(damaged);
});

test("what is no ciphertext at all is named by its connection", async () => {
  const id = await connect("hubspot", OLD, () => "garbage");
  const refusal = await refusalOf(open(OLD));
  expect(refusal).toBeInstanceOf(EncryptionKeyError);
  expect(refusal?.message).toBe(`The stored credentials of ${id} are damaged. Restore them from a backup.`);
});

test("a key file that is gone is refused while it is needed, and made anew when it is not", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-vault-"));
  try {
    const first = await open(undefined, dataDir);
    const id = await connect("hubspot", OLD, (jwe) => jwe);
    await store.connections.updateCredentials(
      id,
      1,
      { credentials: await first.vault.encrypt(id, { token: "t" }) },
      { type: "REFRESHED", actor },
    );
    expect((await open(undefined, dataDir)).keys).toEqual(first.keys);
    await rm(join(dataDir, "encryption.key"));
    const refusal = await refusalOf(open(undefined, dataDir));
    expect(refusal).toBeInstanceOf(EncryptionKeyError);
    expect(refusal?.message).toMatch(/^The encryption key file .* is gone, but the store holds credentials/);
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test("a store in memory gets a key of its own", async () => {
  const { keys, vault } = await open(undefined);
  expect(await vault.decrypt("con_1", await vault.encrypt("con_1", { token: "t" }))).toEqual({ token: "t" });
  expect(keys).not.toEqual((await open(undefined)).keys);
});

test("everything is encrypted anew with the current key, and stays what it was", async () => {
  const ids = [await connect("hubspot", OLD), await connect("odoo", NEW), await connect("salesforce", OLD)];
  const before = await Promise.all(ids.map(row));
  const vault = vaultOf(`${NEW},${OLD}`);
  expect(await reencrypt(store.ciphertexts, vault, "new")).toEqual({ done: 2, unreadable: [] });
  expect(await reencrypt(store.ciphertexts, vault, "new")).toEqual({ done: 0, unreadable: [] });

  const after = await Promise.all(ids.map(row));
  for (const [at, { id, credentials, provider }] of after.entries()) {
    expect({ ...after[at], credentials: "" }).toEqual({ ...before[at], credentials: "" });
    expect(await vaultOf(NEW).decrypt(id, credentials!)).toEqual({ token: provider });
  }
  expect(after[1]).toEqual(before[1]);
});

test("what cannot be read is told and left alone, the rest is done", async () => {
  const lost = await connect("hubspot", `lost:${key(7)}`);
  const damaged = await connect("salesforce", OLD, (jwe) => `${jwe.slice(0, -6)}AAAAAA`);
  const fine = await connect("odoo", OLD);
  const before = await Promise.all([row(lost), row(damaged)]);
  const { done, unreadable } = await reencrypt(store.ciphertexts, vaultOf(`${NEW},${OLD}`), "new");
  expect(done).toBe(1);
  expect(unreadable.map(({ connectionId }) => connectionId).sort()).toEqual([lost, damaged].sort());
  expect(await Promise.all([row(lost), row(damaged)])).toEqual(before);
  expect(await vaultOf(NEW).decrypt(fine, (await row(fine)).credentials!)).toEqual({ token: "odoo" });
});

test("a server that goes on writing with the old key loses nothing, and is caught up with", async () => {
  const id = await connect("hubspot", OLD);
  const other = await connect("odoo", OLD);
  let refreshes = 0;
  // What a replica does that has not heard of the new key yet, at the worst moments.
  const refresh = async () => {
    const { credentialsVersion } = await row(id);
    const credentials = await vaultOf(OLD).encrypt(id, { token: `refreshed-${++refreshes}` });
    await store.connections.updateCredentials(id, credentialsVersion, { credentials }, { type: "REFRESHED", actor });
  };
  const racing = {
    listNotEncryptedWith: (...args: Parameters<Ciphertexts["listNotEncryptedWith"]>) =>
      store.ciphertexts.listNotEncryptedWith(...args),
    replace: async (...args: Parameters<Ciphertexts["replace"]>) => {
      if (refreshes === 0) await refresh();
      const replaced = await store.ciphertexts.replace(...args);
      if (refreshes === 1 && args[0] === id && replaced) await refresh();
      return replaced;
    },
  };
  const { unreadable } = await reencrypt(racing, vaultOf(`${NEW},${OLD}`), "new");
  expect(unreadable).toEqual([]);
  expect(refreshes).toBe(2);
  expect(await vaultOf(NEW).decrypt(id, (await row(id)).credentials!)).toEqual({ token: "refreshed-2" });
  expect(await vaultOf(NEW).decrypt(other, (await row(other)).credentials!)).toEqual({ token: "odoo" });
});
