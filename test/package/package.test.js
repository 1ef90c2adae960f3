/** What `npm pack` makes runs where nothing of the repository is: `npm run test:package`. */
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { packFreshClone, run, unpackInto } from "./pack.js";
import { startCommand } from "./started.js";

const TSC = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
const MAX_UNPACKED_BYTES = 25 * 1024 * 1024;

let packed;
before(async () => {
  packed = await packFreshClone();
});
after(() => packed?.remove());

test("the package has the built program, and neither tests nor sources nor maps", () => {
  const { files, unpackedBytes, manifest } = packed;
  const needed = [
    manifest.bin.crmesh,
    manifest.exports["./client"].types,
    manifest.exports["./client"].default,
    "dist/connect/browser/connect.js",
    "dist/connect/browser/connect.d.ts",
    "dist/store/prepared-database.tar.gz",
    "schema.graphql",
    "README.md",
    "package.json",
  ];
  for (const path of needed) assert.ok(files.includes(path.replace("./", "")), `${path} is missing`);
  const unwanted = files.filter((path) => !/^(dist\/.+|[\w.]+)$/.test(path));
  assert.deepEqual(unwanted, []);
  assert.deepEqual(
    files.filter((path) => /(^|\/)(test|src|node_modules)\/|\.test\.|\.map$|(?<!\.d)\.tsx?$/.test(path)),
    [],
  );
  assert.ok(unpackedBytes < MAX_UNPACKED_BYTES, `${unpackedBytes} bytes`);
});

test("declarations are those of crmesh/client and connect.js alone, and all of them are there", async () => {
  const sources = await readdir(new URL("../../src/client/", import.meta.url));
  const declarations = packed.files.filter((path) => path.endsWith(".d.ts"));
  assert.deepEqual(
    declarations.filter((path) => path.startsWith("dist/client/")).sort(),
    sources.map((name) => `dist/client/${name.replace(/\.ts$/, ".d.ts")}`).sort(),
  );
});

test(
  "npx <tarball> serve, in an empty folder: the graph answers, and Ctrl+C stops it",
  { timeout: 600_000 },
  async () => {
    const cwd = join(packed.folder, "empty");
    await mkdir(cwd);
    // A cache of its own, so that the installed package does not stay on this machine; downloads are shared.
    const cache = join(packed.folder, "cache");
    await mkdir(cache);
    const { stdout } = await run("npm", ["config", "get", "cache"]);
    const downloads = join(stdout.trim(), "_cacache");
    await mkdir(downloads, { recursive: true });
    await symlink(downloads, join(cache, "_cacache"));
    // npm's registry and proxy may be set by variables. Those of crmesh must not decide what is tested.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(CRMESH_|DATABASE_URL|NODE_ENV|HOST)/.test(name),
    );
    const env = { ...Object.fromEntries(inherited), PORT: "0", npm_config_cache: cache };
    const server = await startCommand("npx", ["--yes", `file:${packed.tarball}`, "serve"], { cwd, env });
    try {
      const response = await fetch(`${server.origin}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: "Bearer sk_test_demo",
          "x-end-user-id": "demo",
        },
        body: JSON.stringify({ query: "{ connections { provider { slug } contacts(first: 1) { nodes { id } } } }" }),
      });
      const { data, errors } = await response.json();
      assert.equal(errors, undefined);
      assert.equal(data.connections.length, 10);
      for (const { contacts } of data.connections) assert.equal(contacts.nodes.length, 1);
      const script = await fetch(`${server.origin}/connect.js`);
      assert.equal(script.status, 200);
      assert.deepEqual(await readdir(cwd), [".crmesh"]);
    } finally {
      await server.stop();
    }
    await assert.rejects(fetch(`${server.origin}/readyz`));
  },
);

/** A project without any other package. */
async function emptyProject(name) {
  const project = join(packed.folder, name);
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
  await unpackInto(packed.tarball, project);
  return project;
}

test("crmesh/client runs from the package, where no other package is", async () => {
  const project = await emptyProject("plain");
  const code = 'import("crmesh/client").then((client) => console.log(Object.keys(client).sort().join()))';
  const { stdout } = await run("node", ["-e", code], { cwd: project });
  assert.equal(
    stdout.trim(),
    "CrmeshTransportError,ERROR_CODES,PagingError,crmeshErrors,createClient,isCrmeshError,paginate,retry,retryAfter"
      .split(",")
      .sort()
      .join(),
  );
  const inside = run("node", ["-e", 'import("crmesh/dist/server.js")'], { cwd: project });
  await assert.rejects(inside, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

test("its types compile for a browser and for Node, in strict projects that check libraries too", async () => {
  const project = await emptyProject("typed");
  await writeFile(
    join(project, "index.ts"),
    `import { createClient, isCrmeshError, type CrmeshError } from "crmesh/client";
const client = createClient({ url: "/api/crm" });
export const name = (await client.request<{ me: string }>("{ me }")).me.toUpperCase();
export function link(error: unknown): string | undefined {
  return isCrmeshError(error) && error.code === "NEEDS_REAUTH" ? error.extensions.reconnectUrl : undefined;
}
export const isNever = (error: CrmeshError & { code: "NONE" }): never => error;
`,
  );
  const strict = ["--strict", "--noEmit", "--exactOptionalPropertyTypes", "--skipLibCheck", "false", "index.ts"];
  const browser = ["--lib", "ES2023,DOM", "--target", "ES2022", "--module", "ESNext", "--moduleResolution", "bundler"];
  const node = ["--lib", "ES2023,DOM", "--target", "ES2022", "--module", "NodeNext"];
  for (const options of [browser, node]) {
    await run(process.execPath, [TSC, ...options, ...strict], { cwd: project }).catch(({ stdout }) => {
      throw new Error(stdout);
    });
  }
});

test("the client is published as it is written: its modules have the names that its declarations import", async () => {
  const project = await emptyProject("named");
  const folder = join(project, "node_modules/crmesh/dist/client");
  for (const name of (await readdir(folder)).filter((name) => name.endsWith(".d.ts"))) {
    const text = await readFile(join(folder, name), "utf8");
    for (const [, path] of text.matchAll(/from "\.\/([\w-]+\.js)"/g)) {
      assert.ok(packed.files.includes(`dist/client/${path}`), `${name} imports ${path}`);
    }
  }
});
