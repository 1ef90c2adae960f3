import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { zohoSandbox } from "../../../src/sandbox/crms/zoho/index.js";

/** Zoho's own Node.js client (`@zohocrm/nodejs-sdk-8.0`), which runs in a separate process. */

export interface SdkConnection {
  origin: string;
  account: string;
  client: { id: string; secret: string };
  accessToken?: string | undefined;
  refreshToken?: string | undefined;
  grantToken?: string | undefined;
  redirectUrl?: string | undefined;
}

export interface SdkCall {
  call: string;
  module?: string;
  id?: string;
  records?: readonly Record<string, unknown>[];
  parameters?: Record<string, string | number>;
  query?: string;
}

export interface SdkAnswer {
  status: number;
  /** The unchanged body. Null without a body. */
  json: Record<string, unknown> | null;
}

/** The error that the client itself throws, e.g. if tokens are refused. */
export class SdkFailure extends Error {
  override readonly name = "SdkFailure";

  constructor(
    readonly code: string | null,
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  resolve(answer: unknown): void;
  reject: (error: Error) => void;
}

interface Reply {
  ticket: number;
  answer?: unknown;
  failure?: { code: string | null; message: string };
}

const SANDBOX_CLIENT = { id: "crmesh-sandbox", secret: "sandbox-secret" };

const waiting = new Map<number, Waiting>();
let lastTicket = 0;
let driver: ChildProcess | null = null;

export function sdkConnection(origin: string, account: string, now = Date.now()): SdkConnection {
  const { accessToken, refreshToken } = zohoSandbox.credentials(account, origin, now);
  return { origin, account, client: SANDBOX_CLIENT, accessToken, refreshToken };
}

/**
 * A connection with the tokens of any account. The client keeps what it learns of an account by its token. It demands a
 * refresh token, and uses it only once the access token has expired.
 */
export function sdkConnectionWith(
  origin: string,
  { accessToken = "", refreshToken = accessToken }: Record<string, string>,
): SdkConnection {
  return { origin, account: accessToken, client: SANDBOX_CLIENT, accessToken, refreshToken };
}

export async function sdkCall(connection: SdkConnection, call: SdkCall): Promise<SdkAnswer> {
  return (await ask({ connection, ...call })) as SdkAnswer;
}

/** Makes the client request tokens, with the code or refresh token of the connection. */
export async function sdkTokens(connection: SdkConnection): Promise<Record<string, string | null>> {
  return (await ask({ connection, call: "tokens" })) as Record<string, string | null>;
}

function ask(message: object): Promise<unknown> {
  const ticket = (lastTicket += 1);
  const process = (driver ??= start());
  return new Promise((resolve, reject) => {
    waiting.set(ticket, { resolve, reject });
    process.channel?.ref();
    process.send({ ...message, ticket });
  });
}

function start(): ChildProcess {
  const child = fork(fileURLToPath(new URL("./sdk-driver.mjs", import.meta.url)), { execArgv: [] });
  child.on("message", (message) => {
    const { ticket, answer, failure } = message as Reply;
    const asked = waiting.get(ticket)!;
    waiting.delete(ticket);
    // The process does not keep the tests from ending if no test waits for an answer.
    if (waiting.size === 0) child.channel?.unref();
    if (failure) asked.reject(new SdkFailure(failure.code, failure.message));
    else asked.resolve(answer);
  });
  child.on("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The SDK's process ended with ${code}.`));
    waiting.clear();
    driver = null;
  });
  child.unref();
  return child;
}
