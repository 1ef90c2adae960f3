import { expect, test } from "@jest/globals";
import { checkCredentials, reencryptCredentials } from "../../src/cli/credentials.js";
import { UsageError } from "../../src/cli/usage-error.js";
import { parseEncryptionKeys } from "../../src/store/encryption-keys.js";
import type { Store } from "../../src/store/open-store.js";
import { Vault } from "../../src/store/vault.js";

const key = (fill: number): string => Buffer.alloc(32, fill).toString("base64");
const [OLD, NEW, LOST] = [`old:${key(1)}`, `new:${key(2)}`, `lost:${key(3)}`];
const actor = { kind: "CRMESH" } as const;

/** The commands for stored credentials, on whatever database `environment` names. */
export function describeCredentials(environment: () => Record<string, string>, open: () => Promise<Store>): void {
  async function run(command: typeof checkCredentials, keys: string) {
    const printed: string[] = [];
    const failure = await command(
      { ...environment(), CRMESH_ENCRYPTION_KEY: keys },
      (text) => void printed.push(text),
    ).then(
      () => null,
      (error: unknown) => error,
    );
    return { printed, failure };
  }

  /** Creates one connection to each provider and returns their ids. */
  async function connect(providers: readonly string[], keys: string): Promise<string[]> {
    const store = await open();
    try {
      const vault = new Vault(parseEncryptionKeys(keys));
      const { id: workspaceId } = await store.workspaces.ensure("home");
      const endUser = await store.endUsers.upsert({ workspaceId, environment: "live", externalId: "ann" });
      const ids = providers.map(() => store.connections.newId());
      for (const [index, id] of ids.entries()) {
        const credentials = await vault.encrypt(id, { token: "s3cret" });
        const place = { id, workspaceId, environment: "live", endUserId: endUser.id } as const;
        await store.connections.create(
          { ...place, provider: providers[index]!, credentials },
          { type: "CREATED", actor },
        );
      }
      return ids;
    } finally {
      await store.close();
    }
  }

  test("reencrypt moves credentials to the new key, and check then reports the old key as dispensable", async () => {
    expect(await run(checkCredentials, OLD)).toEqual({ printed: ["There are no credentials."], failure: null });
    await connect(["hubspot", "odoo"], OLD);
    expect(await run(checkCredentials, `${NEW},${OLD}`)).toEqual({ printed: ["old\t2\told"], failure: null });
    expect(await run(reencryptCredentials, `${NEW},${OLD}`)).toEqual({
      printed: ['2 credentials re-encrypted with the key "new".'],
      failure: null,
    });
    expect(await run(checkCredentials, `${NEW},${OLD}`)).toEqual({
      printed: ["new\t2\tcurrent", "These keys are no longer needed and may be removed: old."],
      failure: null,
    });
  });

  test("an unreadable credential is named and fails the command, and the other credentials are processed", async () => {
    const [lost] = await connect(["salesforce"], LOST);
    const check = await run(checkCredentials, NEW);
    expect(check.printed).toContain("lost\t1\tunreadable");
    expect(check.failure).toBeInstanceOf(UsageError);
    expect(String(check.failure)).toContain(`The credentials of ${lost} are unreadable: the key ring holds no key`);

    const done = await run(reencryptCredentials, `${OLD},${NEW}`);
    expect(done.printed[0]).toBe('2 credentials re-encrypted with the key "old".');
    expect(done.printed[1]).toContain(lost);
    expect(done.failure).toBeInstanceOf(UsageError);
    expect(String(done.failure)).toContain("1 credential could not be decrypted and stayed unchanged");
    expect(JSON.stringify([check, done])).not.toContain("s3cret");
  });
}
