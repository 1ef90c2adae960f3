import { chromium, type Browser } from "playwright-core";

/** Without its own errands to the network, which is closed here and none of the test's business. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium. The caller closes it. */
export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/** A Chromium that finds no host but this machine, as on a train. */
export function launchOffline(): Promise<Browser> {
  return launchChromium(["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]);
}
