import { expect, test } from "@jest/globals";
import { parseEncryptionKeys } from "../../src/store/encryption-keys.js";
import type { Store } from "../../src/store/open-store.js";
import { Vault } from "../../src/store/vault.js";
import { commandLine } from "../support/command-line.js";

const key = (fill: number): string => Buffer.alloc(32, fill).toString("base64");
const [OLD, NEW, LOST] = [`old:${key(1)}`, `new:${key(2)}`, `lost:${key(3)}`];
const actor = { kind: "CRMESH" } as const;

/** The commands for stored credentials, on whatever database `environment` names. */
export function describeCredentials(environment: () => Record<string, string>, open: () => Promise<Store>): void {
  const run = (command: "check" | "reencrypt", keys: string, ...options: string[]) =>
    commandLine(["credentials", command, ...options], { ...environment(), CRMESH_ENCRYPTION_KEY: keys });
  const done = (stdout: string, stderr = "") => ({ code: 0, stdout, stderr });

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

  test("reencrypt moves credentials to the new key, and check shows the use of each key", async () => {
    expect(await run("check", OLD)).toEqual(done("", "There are no credentials.\n"));
    await connect(["hubspot", "odoo"], OLD);
    expect(await run("check", `${NEW},${OLD}`)).toEqual(done("old\t2\told\n"));
    expect(await run("reencrypt", `${NEW},${OLD}`)).toEqual(done('2 credentials re-encrypted with the key "new".\n'));
    expect(await run("check", `${NEW},${OLD}`)).toEqual(
      done(
        'new\t2\tcurrent\nNo credential uses the key "old". Remove a key that "new" has replaced. ' +
          'Keep a key that is to replace "new".\n',
      ),
    );
  });

  test("in the first step of a rotation, check does not say that the added key may be removed", async () => {
    const { stdout } = await run("check", `${NEW},${OLD},${LOST}`);
    expect(stdout).toContain('Keep a key that is to replace "new".');
    expect(stdout).not.toContain("may be removed");
    expect(JSON.parse((await run("check", `${NEW},${OLD}`, "--json")).stdout)).toEqual({
      current: "new",
      uses: [{ key: "new", credentials: 2, state: "current" }],
      unused: ["old"],
    });
  });

  test("an unreadable credential is named and fails the command, and the other credentials are processed", async () => {
    const [lost] = await connect(["salesforce"], LOST);
    const check = await run("check", NEW);
    expect(check.code).toBe(1);
    expect(check.stdout).toContain("lost\t1\tunreadable");
    expect(check.stderr).toContain(`The credentials of ${lost} are unreadable: the key ring holds no key`);

    const reencrypted = await run("reencrypt", `${OLD},${NEW}`);
    expect(reencrypted.code).toBe(1);
    const [first, second] = reencrypted.stdout.split("\n");
    expect(first).toBe('2 credentials re-encrypted with the key "old".');
    expect(second).toContain(lost);
    expect(reencrypted.stderr).toContain("1 credential could not be decrypted and stayed unchanged");
    expect(JSON.stringify([check, reencrypted])).not.toContain("s3cret");
  });
}
