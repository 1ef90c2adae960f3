const CLIENTS = 4;

/**
 * CPU per query of servers that are loaded in turn, each by the same few clients that wait for their answers. A server says how
 * much CPU all of its threads have used. Two contestants may ask one server for different things.
 *
 * @param contestants `server` is a process, `post` sends a query, and `queries`, if given, is how many a round has
 * @param options.warmUp rounds before the first that counts
 * @returns {Promise<number[][]>} for each contestant ms per query, of each round
 */
export async function contest(contestants, { rounds, queries, clients = CLIENTS, warmUp = Math.ceil(rounds / 4) }) {
  const cpu = contestants.map(() => []);
  const order = [...contestants.keys()];
  for (let round = -warmUp; round < rounds; round += 1) {
    // In both orders, so that nobody always follows the same one.
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      const { server, post, queries: own = queries } = contestants[index];
      const before = await server.ask("usage");
      await closedLoop(post, own, clients);
      const after = await server.ask("usage");
      if (round >= 0) cpu[index].push((after.cpuMs - before.cpuMs) / own);
    }
  }
  return cpu;
}

/** Of what was measured at the same time, so that a busy minute of the machine does not decide. */
export function ratiosOf(ours, theirs) {
  return ours.map((cpu, round) => cpu / theirs[round]);
}

/** Sends a number of queries over a few clients, each of which waits for its answers. */
export async function closedLoop(post, queries, clients = CLIENTS) {
  let left = queries;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await post();
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}
