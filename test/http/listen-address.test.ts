import dns from "node:dns";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { listenAddress } from "../../src/http/listen-address.js";
import { Ground } from "../support/test-server.js";

const LOOPBACK = [
  { address: "127.0.0.1", family: 4 },
  { address: "127.0.0.2", family: 4 },
  { address: "::1", family: 6 },
];

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await ground.close();
});

/** Lets `localhost` have several addresses, whatever this machine has, for everybody who asks for all of them. */
function localhostHasManyAddresses(): void {
  const real = dns.lookup;
  jest.spyOn(dns, "lookup").mockImplementation((...args: unknown[]) => {
    const [host, options, callback] = args as [string, { all?: boolean }, (...answer: unknown[]) => void];
    if (host === "localhost" && options.all) process.nextTick(callback, null, LOOPBACK);
    else Reflect.apply(real, dns, args);
  });
}

/** Whether something listens there. */
async function isOpen(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test("with HOST=localhost, one server listens on one address", async () => {
  localhostHasManyAddresses();
  const { address, family } = await lookup("localhost");
  const { crmesh } = await ground.serve({ config: { host: "localhost" } });
  const { port } = new URL(crmesh.origin);
  expect(crmesh.origin).toBe(`http://${family === 6 ? `[${address}]` : address}:${port}`);
  expect((await fetch(`${crmesh.origin}/healthz`)).status).toBe(200);
  for (const other of LOOPBACK.filter((one) => one.address !== address)) {
    expect([other.address, await isOpen(other.address, Number(port))]).toEqual([other.address, false]);
  }
});

test("localhost is listened on at the address that it resolves to first", async () => {
  expect(await listenAddress("localhost", () => Promise.resolve({ address: "::1" }))).toBe("::1");
});

test.each(["127.0.0.1", "::1", "0.0.0.0", "crmesh.internal"])("%s stays as it is", async (host) => {
  expect(await listenAddress(host, () => Promise.reject(new Error("was resolved")))).toBe(host);
});
