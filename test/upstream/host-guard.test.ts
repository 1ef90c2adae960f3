import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { assertPublicHost, isPublicAddress, PrivateHostError, publicLookup } from "../../src/upstream/host-guard.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, LeapingClock, plainTraits, readOf, scopeOf } from "./harness.js";
import { json, startLocalServer, type LocalServer } from "./local-server.js";

const PRIVATE = [
  "127.0.0.1",
  "127.255.255.254",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "192.0.2.1",
  "198.18.0.1",
  "::1",
  "::",
  "fe80::1",
  "fc00::1",
  "fd12:3456::1",
  "ff02::1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:a9fe:a9fe",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
];

describe("the host guard", () => {
  test.each(PRIVATE)("%s is not a public address", (address) => {
    expect(isPublicAddress(address)).toBe(false);
    const host = address.includes(":") ? `[${address}]` : address;
    expect(() => assertPublicHost(new URL(`https://${host}:8443/path`))).toThrow(PrivateHostError);
  });

  test.each(["8.8.8.8", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])(
    "%s is a public address",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each(["", "example.com", "999.1.1.1", "1.2.3"])("%p is not an IP address", (text) => {
    expect(isPublicAddress(text)).toBe(text === "1.2.3" ? isPublicAddress("1.2.0.3") : false);
  });

  test.each(["http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/", "http://[::ffff:7f00:1]/"])(
    "%s is recognised as a private address",
    (url) => {
      expect(() => assertPublicHost(new URL(url))).toThrow(PrivateHostError);
    },
  );

  test("host names are not refused before they are resolved", () => {
    expect(() => assertPublicHost(new URL("https://crm.example.com/"))).not.toThrow();
  });

  test.each([{ all: true }, { all: false }])(
    "a host name that resolves to this machine is refused (%p)",
    async (options) => {
      const error = await new Promise((resolve) => publicLookup("localhost", options, (reason) => resolve(reason)));
      expect(error).toBeInstanceOf(PrivateHostError);
    },
  );

  test("a host name that does not resolve is not refused as private", async () => {
    const error = await new Promise((resolve) => publicLookup("no-such-host.invalid", {}, (reason) => resolve(reason)));
    expect(error).not.toBeInstanceOf(PrivateHostError);
    expect(error).toHaveProperty("code");
  });
});

describe("a host that an end user typed in", () => {
  let server: LocalServer;
  let client: UpstreamClient;
  beforeAll(async () => {
    server = await startLocalServer();
    client = new UpstreamClient({ clock: new LeapingClock() });
  });
  afterAll(async () => {
    client.close();
    await server.close();
  });

  test.each(["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])("%s is not called", async (host) => {
    const url = server.origin.replace("127.0.0.1", host);
    const error = await failure(client.send(readOf(url), scopeOf({ allowPrivateHosts: false }), plainTraits));
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.details.errors).toEqual({ host: "Expected a CRM with a public address, got a private one." });
    expect(server.received).toHaveLength(0);
  });

  test("is called if the operator allows private hosts", async () => {
    server.answer(json(200, {}));
    expect((await client.send(readOf(server.origin), scopeOf(), plainTraits)).status).toBe(200);
  });

  test("is not followed to another host by a redirect", async () => {
    server.answer((response) => response.writeHead(307, { location: `${server.origin}/inside` }).end());
    server.received.length = 0;
    const error = await failure(client.send(readOf(`${server.origin}/outside`), scopeOf(), plainTraits));
    expect(error.details.upstream).toEqual({ status: 307 });
    expect(server.received.map(({ url }) => url)).toEqual(["/outside"]);
  });
});
