import { fork } from "node:child_process";

/** Milliseconds that a process gets to start, its data sets included. */
const START_MS = 60_000;

/** Starts a file of this folder that calls `runChild`, and waits until it is ready. */
export async function startProcess(file, options = {}) {
  const child = fork(new URL(file, import.meta.url), {
    env: { ...process.env, NODE_ENV: "production" },
  });
  const waiting = new Map();
  let asked = 0;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  // A process that dies under a question would leave the benchmark waiting for ever.
  void exited.then(() => waiting.forEach(({ reject }) => reject(new Error(`${file} died.`))));
  const ready = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${file} did not start in time.`)), START_MS);
    late.unref();
    child.once("exit", (code) => reject(new Error(`${file} ended with code ${code}.`)));
    child.on("message", (message) => {
      if ("ready" in message) return resolve(message.ready);
      waiting.get(message.id).resolve(message.answer);
      waiting.delete(message.id);
    });
  });
  child.send(options);
  return {
    ready: await ready,
    ask(question, argument) {
      const id = (asked += 1);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        // Without a callback a process that is gone would end this one, too.
        child.send({ id, question, argument }, (error) => error && reject(error));
      });
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
