import { inspect } from "node:util";
import { expect, test } from "@jest/globals";
import { CompactEncrypt, decodeProtectedHeader } from "jose";
import { protectedHeader, UnreadableCredentialsError, Vault } from "../../src/store/vault.js";

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const vaultOf = (...keys: [string, number][]): Vault =>
  new Vault({ current: keys[0]?.[0] ?? "none", keys: new Map(keys.map(([kid, fill]) => [kid, bytes(fill)])) });

const credentials = { accessToken: "s3cret", expiresAt: 1_800_000_000_000, nested: { scopes: ["a", "b"], none: null } };
const vault = vaultOf(["k1", 1]);

async function refusalOf(decrypted: Promise<unknown>, connectionId = "con_a"): Promise<string> {
  const error = await decrypted.catch((refusal: unknown) => refusal);
  if (!(error instanceof UnreadableCredentialsError)) throw new Error(`unexpected: ${inspect(error)}`);
  expect(error.connectionId).toBe(connectionId);
  expect(inspect(error)).not.toContain("s3cret");
  return error.message;
}

test("credentials survive the round trip", async () => {
  const jwe = await vault.encrypt("con_a", credentials);
  expect(await vault.decrypt("con_a", jwe)).toEqual(credentials);
  expect(decodeProtectedHeader(jwe)).toEqual({ alg: "dir", enc: "A256GCM", kid: "k1" });
  expect(jwe.split(".")).toHaveLength(5);
});

test("the same credentials never look the same", async () => {
  expect(await vault.encrypt("con_a", credentials)).not.toBe(await vault.encrypt("con_a", credentials));
});

test("with a key added in front, old credentials are still read and new ones use the new key", async () => {
  const old = await vault.encrypt("con_a", credentials);
  const rotated = vaultOf(["k2", 2], ["k1", 1]);
  expect(await rotated.decrypt("con_a", old)).toEqual(credentials);
  expect(decodeProtectedHeader(await rotated.encrypt("con_a", credentials)).kid).toBe("k2");
});

test("a ciphertext moved to another connection is refused", async () => {
  const jwe = await vault.encrypt("con_a", credentials);
  expect(await refusalOf(vault.decrypt("con_b", jwe), "con_b")).toContain("belong to another connection");
});

test("another key under the same id is refused", async () => {
  const jwe = await vault.encrypt("con_a", credentials);
  expect(await refusalOf(vaultOf(["k1", 9]).decrypt("con_a", jwe))).toContain("the key does not fit");
});

test("an unknown key id is refused, and named", async () => {
  const jwe = await vault.encrypt("con_a", credentials);
  expect(await refusalOf(vaultOf(["k2", 1]).decrypt("con_a", jwe))).toContain('no key with the id "k1"');
});

test.each([
  [
    "an altered one",
    (jwe: string) => jwe.replace(/\.([^.])([^.]*)$/, (_all, first, rest) => `.${first === "A" ? "B" : "A"}${rest}`),
  ],
  ["a truncated one", (jwe: string) => jwe.slice(0, -8)],
  ["nonsense", () => "nonsense"],
  ["nothing", () => ""],
])("%s is refused", async (_what, damage) => {
  await refusalOf(vault.decrypt("con_a", damage(await vault.encrypt("con_a", credentials))));
});

test.each(["not JSON: s3cret", '"s3cret"', "null", "{}"])(
  "%s, encrypted with the key by another, is refused",
  async (text) => {
    const jwe = await new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: "k1" })
      .encrypt(bytes(1));
    expect(await refusalOf(vault.decrypt("con_a", jwe))).toContain("not of this vault's making");
  },
);

test("a vault shows its keys to nobody", () => {
  expect(inspect(vault, { depth: null, showHidden: true })).not.toMatch(/Uint8Array|KeyRing|k1/);
  expect(JSON.stringify(vault)).toBe("{}");
});

test("a ring without its current key, or with a key of another length, is refused", () => {
  expect(() => new Vault({ current: "2", keys: new Map([["1", bytes(1)]]) })).toThrow(RangeError);
  expect(() => new Vault({ current: "1", keys: new Map([["1", new Uint8Array(16)]]) })).toThrow(RangeError);
});

test("what it encrypts begins with the header that the store looks for", async () => {
  const [header] = (await vault.encrypt("con_a", credentials)).split(".");
  expect(header).toBe(protectedHeader("k1"));
});
