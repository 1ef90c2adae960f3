import { describe, expect, test } from "@jest/globals";
import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { CaseContext } from "../ground.js";
import { needing } from "./needing.js";
import { adapterOf, listAll } from "../stage/adapter.js";
import { READ_ACCOUNT } from "../stage/stage.js";

const EXPIRED = "expired-token-0123456789";
const REVOKED = "revoked-token-0123456789";

export function describeCredentials(context: CaseContext): void {
  const { subject, ground } = context;
  const { provider } = subject;
  const contacts = adapterOf(provider, "contact");
  const good = () => ground().stage.credentials(READ_ACCOUNT);

  describe("credentials", () => {
    test("verify proves a valid credential by a call, and the credential still works afterwards", async () => {
      const { stage } = ground();
      const connection = stage.connect();
      const requests = await stage.recorded(async () => {
        const verified = await provider.verify(connection.exchange, await connection.credentials());
        const again = stage.connect({ credentials: { ...verified.credentials } });
        expect((await contacts.list(again.context, firstOne())).records).toHaveLength(1);
      });
      expect(requests.length).toBeGreaterThan(1);
    });

    test("a wrong credential fails with PROVIDER_AUTH_FAILED", async () => {
      const { stage } = ground();
      const wrong = subject.wrongCredentials(good());
      const connection = stage.connect({ credentials: wrong });
      const error = await stage.failure(provider.verify(connection.exchange, wrong));
      expect(error.code).toBe("PROVIDER_AUTH_FAILED");
      const late = await stage.failure(contacts.list(connection.context, firstOne()));
      expect(["PROVIDER_AUTH_FAILED", "NEEDS_REAUTH"]).toContain(late.code);
    });

    needing(context, ["KNOWN_TOKENS"], () => describeRenewal(context, good));
  });
}

function describeRenewal({ subject, ground }: CaseContext, good: () => Credentials): void {
  const { provider } = subject;
  const contacts = adapterOf(provider, "contact");

  if (provider.oauth?.refreshes === false) {
    test("a refused credential is not renewed, because the CRM issues no refresh tokens", async () => {
      const { stage } = ground();
      const credentials = { ...good(), accessToken: EXPIRED };
      expect(good()).not.toHaveProperty("refreshToken");
      const connection = stage.connect({ credentials });
      const error = await stage.failure(contacts.list(connection.context, firstOne()));
      expect([error.code, connection.calls.length]).toEqual(["PROVIDER_AUTH_FAILED", 1]);
      expect(await connection.renew(credentials)).toBeNull();
    });
  } else if (provider.authType === "OAUTH2") {
    test("a refused access token is renewed once and the call is repeated", async () => {
      const { stage } = ground();
      const connection = stage.connect({ credentials: { ...good(), accessToken: EXPIRED } });
      const records = await listAll(contacts, connection.context, { limit: 100 });
      expect(records.length).toBe(ground().world.records.contact.size);
      const renewed = await connection.credentials();
      expect(renewed["accessToken"]).not.toBe(EXPIRED);
      expect(renewed["refreshToken"]).toEqual(expect.any(String));
    });

    test("a refused access token without a refresh token fails with PROVIDER_AUTH_FAILED", async () => {
      const { stage } = ground();
      const credentials = { accessToken: EXPIRED };
      const connection = stage.connect({ credentials });
      const error = await stage.failure(contacts.list(connection.context, firstOne()));
      expect(error.code).toBe("PROVIDER_AUTH_FAILED");
      expect(await connection.renew(credentials)).toBeNull();
    });

    test("a refused refresh token fails with NEEDS_REAUTH", async () => {
      const { stage } = ground();
      const connection = stage.connect({ credentials: { ...good(), accessToken: EXPIRED, refreshToken: REVOKED } });
      const error = await stage.failure(contacts.list(connection.context, firstOne()));
      expect(error.code).toBe("NEEDS_REAUTH");
    });

    test.each(["PROVIDER_UNAVAILABLE", "PROVIDER_ERROR"] as const)(
      "%s of the token endpoint is reported as such, not as a refused credential",
      async (laterFault) => {
        const { stage } = ground();
        const connection = stage.connect({ credentials: { ...good(), accessToken: EXPIRED }, laterFault });
        const error = await stage.failure(contacts.list(connection.context, firstOne()));
        expect(error.code).toBe(laterFault);
      },
    );
  } else {
    test("a key that the CRM refuses fails with NEEDS_REAUTH", async () => {
      const { stage } = ground();
      const wrong = subject.wrongCredentials(good());
      const error = await stage.failure(stage.connect({ credentials: wrong }).renew(wrong));
      expect(error.code).toBe("NEEDS_REAUTH");
    });
  }
}

function firstOne() {
  return { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set<string>() };
}
