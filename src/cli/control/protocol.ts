import { z } from "zod";

/**
 * The protocol of the control socket: each message is one line of JSON. The client sends one request. The server answers
 * with `accepted`, then the output of the command as it is written, and at last its exit code.
 */
export const controlRequest = z.object({
  /** The command line, e.g. `["keys", "list"]`. */
  args: z.array(z.string()),
  /** True if the client prints to a terminal. */
  isTerminal: z.boolean(),
});
export type ControlRequest = z.infer<typeof controlRequest>;

export const controlAnswer = z.union([
  z.object({ accepted: z.literal(true) }),
  z.object({ out: z.string() }),
  z.object({ err: z.string() }),
  z.object({ exitCode: z.number().int() }),
]);
export type ControlAnswer = z.infer<typeof controlAnswer>;

/** The longest request, with its line break. Names have at most 200 characters, so all commands are far shorter. */
export const MAX_REQUEST_BYTES = 65_536;

export function lineOf(message: ControlRequest | ControlAnswer): string {
  return `${JSON.stringify(message)}\n`;
}

/** Reads a line. Null if it is not such a message. */
export function readLine<Message>(schema: z.ZodType<Message>, line: string): Message | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
