/** Grafbase's gateway from npm: the development server of its command line, which composes the subgraphs by itself. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** npm has this version of the binary for Linux on x64 alone. */
const PACKAGE = fileURLToPath(new URL("node_modules/@grafbase/cli-x86_64-unknown-linux-musl/", import.meta.url));

/** Null on machines for which npm has no binary. */
export const GRAFBASE_VERSION = existsSync(PACKAGE)
  ? JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")).version
  : null;

/** @param forwarded names of the headers that crmesh needs */
export async function grafbase(subgraphs, forwarded) {
  const folder = await mkdtemp(join(tmpdir(), "crmesh-grafbase-"));
  const config = join(folder, "grafbase.toml");
  for (const { name, sdl } of subgraphs) await writeFile(join(folder, `${name}.graphql`), sdl);
  const sections = [
    ...subgraphs.map(({ name, url }) => `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${name}.graphql"\n`),
    ...forwarded.map((name) => `[[subgraphs.crmesh.headers]]\nrule = "forward"\nname = "${name}"\n`),
  ];
  await writeFile(config, sections.join("\n"));
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(
    join(PACKAGE, "grafbase"),
    ["--home", folder, "dev", "--config", config, "--listen-address", address],
    { cwd: folder },
  );
  const exited = once(server, "exit");
  await listening(server, exited);
  const stop = async () => {
    server.kill();
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `http://${address}/graphql`, stop };
}

/** Waits until the server prints its address. */
async function listening(server, exited) {
  let output = "";
  const printed = new Promise((resolve) => {
    for (const stream of [server.stdout, server.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
        if (output.includes("/graphql")) resolve(true);
      });
  });
  if (!(await Promise.race([printed, exited.then(() => false)]))) throw new Error(`Grafbase does not start: ${output}`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
