import type { Config } from "../config.js";
import { codeOf } from "../store/files.js";
import { UnavailableError } from "./command-errors.js";

/** Explains why the server cannot listen on its address; null for an error of something else. */
export function listenFault(error: unknown, { port, host }: Pick<Config, "port" | "host">): UnavailableError | null {
  const sentence = sentenceOf(error, port, host);
  return sentence === null ? null : new UnavailableError(sentence, { cause: error });
}

function sentenceOf(error: unknown, port: number, host: string): string | null {
  const facts = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  if (facts["syscall"] === "getaddrinfo" && facts["hostname"] === host) {
    return `The host ${host} has no address. Set HOST or --host to an address of this machine, such as 127.0.0.1.`;
  }
  // The sandbox CRMs listen, too, on free ports. An error about a free port names no port.
  // A worker's primary binds the port for it.
  if (!["listen", "bind"].includes(String(facts["syscall"])) || (facts["port"] ?? 0) !== port) return null;
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use by another program. Stop it, or choose another port with PORT or --port.`;
    case "EACCES":
      return `This user may not listen on port ${port}. Choose a port from 1024 on with PORT or --port.`;
    case "EADDRNOTAVAIL":
      return `This machine does not have the address ${host}. Set HOST or --host to one of its addresses.`;
    default:
      return null;
  }
}
