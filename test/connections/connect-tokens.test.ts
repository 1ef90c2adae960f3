import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SignJWT } from "jose";
import { ConnectTokens } from "../../src/connections/linking/connect-tokens.js";
import { derivedKeys } from "../../src/store/derived-keys.js";
import { newKeyRing, type KeyRing } from "../../src/store/encryption-keys.js";
import type { Store } from "../../src/store/open-store.js";
import { openNewStore } from "../support/data-folder.js";

const GRANT = {
  workspaceId: "ws_1",
  environment: "live",
  endUserId: "eu_1",
  provider: "hubspot",
  connectionId: null,
  redirectUrl: "https://app.example/back",
} as const;
const MINUTE_MS = 60_000;

let store: Store;
let tokens: ConnectTokens;
beforeAll(async () => {
  store = await openNewStore();
  tokens = tokensOf(ring);
});
afterAll(() => store.close());

const ring = newKeyRing();
let now = Date.UTC(2026, 5, 1);
const tokensOf = (keys: KeyRing) =>
  new ConnectTokens({
    keys: derivedKeys(keys, "connect tokens"),
    spent: store.spentConnectTokens,
    publicUrl: () => "https://crm.example",
    now: () => now,
  });

const admit = async () => undefined;

describe("a connect token", () => {
  test("is valid for ten minutes, and its link has the public URL", async () => {
    const { token, expiresAt, url } = await tokens.issue(GRANT);
    expect(token).toMatch(/^ct_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(expiresAt.getTime() - now).toBe(10 * MINUTE_MS);
    expect(url).toBe(`https://crm.example/connect?token=${token}`);
  });

  test("returns its grant, also in another instance with the same keys", async () => {
    const { token } = await tokens.issue(GRANT);
    expect(await tokensOf(ring).redeem(token, admit)).toEqual({
      outcome: "OK",
      grant: { ...GRANT, tokenId: expect.any(String) },
    });
    const reconnect = { ...GRANT, connectionId: "con_1" };
    const { token: reconnecting } = await tokens.issue(reconnect);
    expect(await tokens.redeem(reconnecting, admit)).toMatchObject({ outcome: "OK", grant: reconnect });
    const open = { ...GRANT, environment: "test", provider: null, redirectUrl: null } as const;
    const second = await tokens.issue(open);
    expect(await tokens.redeem(second.token, admit)).toMatchObject({ outcome: "OK", grant: open });
  });

  test("is redeemed by exactly one of twenty concurrent callers, and not again later", async () => {
    const { token } = await tokens.issue(GRANT);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async () => (await tokens.redeem(token, admit)).outcome),
    );
    expect(outcomes.sort()).toEqual(["OK", ...Array<string>(19).fill("SPENT")]);
    expect(await tokens.redeem(token, admit)).toEqual({ outcome: "SPENT" });
  });

  test("stays good if whoever opens it is refused", async () => {
    const { token } = await tokens.issue(GRANT);
    const refusal = new Error("another opener");
    await expect(tokens.redeem(token, () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(await tokens.redeem(token, admit)).toMatchObject({ outcome: "OK" });
  });

  test("expires", async () => {
    const { token } = await tokens.issue(GRANT);
    now += 10 * MINUTE_MS;
    expect(await tokens.redeem(token, admit)).toEqual({ outcome: "EXPIRED" });
  });

  test("stays valid after a change of the encryption key while the key ring keeps the old key", async () => {
    const { token } = await tokens.issue(GRANT);
    const added = new Map([["2", new Uint8Array(32).fill(9)], ...ring.keys]);
    expect(await tokensOf({ current: "2", keys: added }).redeem(token, admit)).toMatchObject({ outcome: "OK" });
    const { token: newer } = await tokensOf({ current: "2", keys: added }).issue(GRANT);
    expect(await tokens.redeem(newer, admit)).toEqual({ outcome: "INVALID" });
  });
});

describe("other texts are INVALID", () => {
  const key = derivedKeys(ring, "connect tokens")[0]!;
  const claims = { ws: "ws_1", env: "live", eu: "eu_1" };
  const signed = (header: { alg: string; kid?: string }, payload: Record<string, unknown>) =>
    new SignJWT({ ...payload, jti: "one", exp: Math.floor(now / 1000) + 60 })
      .setProtectedHeader(header)
      .sign(header.alg === "HS512" ? new Uint8Array(64) : key.key);

  test.each([
    ["nothing", async () => ""],
    ["a word", async () => "hello"],
    ["an API key", async () => "sk_test_demo"],
    ["the prefix alone", async () => "ct_"],
    ["a megabyte", async () => `ct_${"a".repeat(1_000_000)}`],
    ["a changed token", async () => (await tokens.issue(GRANT)).token.replace(/\.[\w-]+\./, ".e30.")],
    ["another deployment’s", async () => (await tokensOf(newKeyRing()).issue(GRANT)).token],
    [
      "another purpose’s",
      async () => {
        const cursorKey = derivedKeys(ring, "cursors")[0]!;
        return `ct_${await new SignJWT({ ...claims, jti: "x" }).setProtectedHeader({ alg: "HS256", kid: cursorKey.id }).setExpirationTime("1h").sign(cursorKey.key)}`;
      },
    ],
    [
      "one without a signature",
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
        return `ct_${part({ alg: "none", kid: key.id })}.${part({ ...claims, jti: "x", exp: 9_999_999_999 })}.`;
      },
    ],
    ["another algorithm’s", async () => `ct_${await signed({ alg: "HS512", kid: key.id }, claims)}`],
    ["one without a key id", async () => `ct_${await signed({ alg: "HS256" }, claims)}`],
    [
      "one that names no end user",
      async () => `ct_${await signed({ alg: "HS256", kid: key.id }, { ws: "w", env: "live" })}`,
    ],
  ])("%s", async (_what, make) => {
    expect(await tokens.redeem(await make(), admit)).toEqual({ outcome: "INVALID" });
  });
});
