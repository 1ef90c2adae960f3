/** A server that is started as a user starts it, by a command. */
import { spawn } from "node:child_process";

const READY = /^crmesh is ready: (\S+)\/graphql/m;

/**
 * Starts a command and waits until it says that crmesh is ready.
 * @returns its origin, what it wrote, and a function that stops it as Ctrl+C does
 */
export async function startCommand(command, args, { cwd, env }) {
  // A group of its own, because npx starts a shell, which starts crmesh.
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  let output = "";
  const origin = await new Promise((resolve, reject) => {
    child.once("error", reject);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        const found = READY.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    ended.then(({ code, signal }) =>
      reject(new Error(`${command} ended (${code ?? signal}) before it was ready: ${output}`)),
    );
  });
  return {
    origin,
    output: () => output,
    stop: async () => {
      process.kill(-child.pid, "SIGINT");
      return ended;
    },
  };
}
