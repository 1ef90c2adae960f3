/** The child's side of a process of the benchmark: it answers what the parent asks, and goes when the parent goes. */

/**
 * @param {(options: any) => Promise<{ ready: unknown, answers?: Record<string, (argument: any) => unknown> }>} start
 *   is called once with what the parent gave; `ready` goes back to it
 */
export function runChild(start) {
  process.once("disconnect", () => process.exit());
  process.once("message", async (options) => {
    const { ready, answers = {} } = await start(options);
    const known = { usage, ...answers };
    process.on("message", async ({ id, question, argument }) => {
      process.send({ id, answer: await known[question](argument) });
    });
    process.send({ ready });
  });
}

/** Of all threads: the garbage collector's and the compiler's work is part of what a query costs. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 2 ** 20 };
}
