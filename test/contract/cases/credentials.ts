import { describe, expect, test } from "@jest/globals";
import type { CaseContext } from "../ground.js";
import { adapterOf, listAll } from "../stage/adapter.js";
import { READ_ACCOUNT } from "../stage/stage.js";

const EXPIRED = "expired-token-0123456789";
const REVOKED = "revoked-token-0123456789";

export function describeCredentials({ subject, ground }: CaseContext): void {
  const { provider, sandbox } = subject;
  const contacts = adapterOf(provider, "contact");
  const good = () => sandbox.credentials(READ_ACCOUNT, ground().stage.origin, Date.now());

  describe("credentials", () => {
    test("a good credential is proved by a call and still works afterwards", async () => {
      const { stage } = ground();
      const connection = stage.connect();
      const requests = await stage.recorded(async () => {
        const verified = await provider.verify(connection.exchange, await connection.credentials());
        const again = stage.connect({ credentials: { ...verified.credentials } });
        expect((await contacts.list(again.context, firstOne())).records).toHaveLength(1);
      });
      expect(requests.length).toBeGreaterThan(1);
    });

    test("a wrong credential is refused as such", async () => {
      const { stage } = ground();
      const wrong = subject.wrongCredentials(good());
      const connection = stage.connect({ credentials: wrong });
      const error = await stage.failure(provider.verify(connection.exchange, wrong));
      expect(error.code).toBe("PROVIDER_AUTH_FAILED");
      const late = await stage.failure(contacts.list(connection.context, firstOne()));
      expect(["PROVIDER_AUTH_FAILED", "NEEDS_REAUTH"]).toContain(late.code);
    });

    if (provider.oauth?.refreshes === false) {
      test("a credential that the CRM refuses is not renewed: there is nothing to renew it with", async () => {
        const { stage } = ground();
        const credentials = { ...good(), accessToken: EXPIRED };
        expect(good()).not.toHaveProperty("refreshToken");
        const connection = stage.connect({ credentials });
        const error = await stage.failure(contacts.list(connection.context, firstOne()));
        expect([error.code, connection.calls.length]).toEqual(["PROVIDER_AUTH_FAILED", 1]);
        expect(await connection.renew(credentials)).toBeNull();
      });
    } else if (provider.authType === "OAUTH2") {
      test("a credential that the CRM refuses is renewed once, and the call goes through", async () => {
        const { stage } = ground();
        const connection = stage.connect({ credentials: { ...good(), accessToken: EXPIRED } });
        const records = await listAll(contacts, connection.context, { limit: 100 });
        expect(records.length).toBe(ground().world.records.contact.size);
        const renewed = await connection.credentials();
        expect(renewed["accessToken"]).not.toBe(EXPIRED);
        expect(renewed["refreshToken"]).toEqual(expect.any(String));
      });

      test("without a refresh token there is nothing to renew with", async () => {
        const { stage } = ground();
        const credentials = { accessToken: EXPIRED };
        const connection = stage.connect({ credentials });
        const error = await stage.failure(contacts.list(connection.context, firstOne()));
        expect(error.code).toBe("PROVIDER_AUTH_FAILED");
        expect(await connection.renew(credentials)).toBeNull();
      });

      test("a refused renewal needs the end user", async () => {
        const { stage } = ground();
        const connection = stage.connect({ credentials: { ...good(), accessToken: EXPIRED, refreshToken: REVOKED } });
        const error = await stage.failure(contacts.list(connection.context, firstOne()));
        expect(error.code).toBe("NEEDS_REAUTH");
      });

      test.each(["PROVIDER_UNAVAILABLE", "PROVIDER_ERROR"] as const)(
        "a token endpoint with %s is no verdict on the credential",
        async (exchangeFault) => {
          const { stage } = ground();
          const connection = stage.connect({ credentials: { ...good(), accessToken: EXPIRED }, exchangeFault });
          const error = await stage.failure(contacts.list(connection.context, firstOne()));
          expect(error.code).toBe(exchangeFault);
        },
      );
    } else {
      test("a key that the CRM refuses for good needs the end user", async () => {
        const { stage } = ground();
        const wrong = subject.wrongCredentials(good());
        const error = await stage.failure(stage.connect({ credentials: wrong }).renew(wrong));
        expect(error.code).toBe("NEEDS_REAUTH");
      });
    }
  });
}

function firstOne() {
  return { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set<string>() };
}
