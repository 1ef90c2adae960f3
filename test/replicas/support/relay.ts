import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** The line to a database: passes bytes on until it is cut. */
export interface Relay {
  /** The same database, over this line. */
  readonly url: string;
  /** Ends all connections, and every new one at once. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function startRelay(databaseUrl: string): Promise<Relay> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const endAll = () => sockets.forEach((socket) => socket.destroy());
  const server = createServer((incoming) => {
    if (isCut) return void incoming.destroy();
    const outgoing = connect(Number(target.port), target.hostname);
    const pairs = [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const;
    for (const [from, to] of pairs) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut() {
      isCut = true;
      endAll();
    },
    mend() {
      isCut = false;
    },
    close: async () => {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
