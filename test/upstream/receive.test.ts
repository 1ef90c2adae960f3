import { PassThrough } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import type { Request } from "got";
import { IncompleteError, receive, TooLargeError } from "../../src/upstream/receive.js";

/** A stream in the place of got's, which the test can end as no server can. */
function answering(...chunks: string[]) {
  const stream = new PassThrough();
  process.nextTick(() => {
    stream.emit("response", { statusCode: 200, headers: { "content-type": "text/plain" } });
    for (const chunk of chunks) stream.write(chunk);
  });
  return { stream, receiving: receive(stream as unknown as Request, 10) };
}

const listenersOf = (stream: PassThrough) =>
  Object.fromEntries(["response", "data", "end", "close", "error"].map((name) => [name, stream.listenerCount(name)]));
/** V8 keeps got's stream for a while, and with it all that its listeners refer to. */
const NONE = { response: 0, data: 0, end: 0, close: 0, error: 1 };

describe("the answer on got’s stream", () => {
  test("is received as a whole, and leaves no listener that refers to it", async () => {
    const { stream, receiving } = answering("Zoë", " ✅");
    process.nextTick(() => stream.end());
    const { status, headers, bytes } = await receiving;
    expect([status, headers, bytes.toString()]).toEqual([200, { "content-type": "text/plain" }, "Zoë ✅"]);
    expect(listenersOf(stream)).toEqual(NONE);
  });

  test("an answer that is too large is not read to its end", async () => {
    const { stream, receiving } = answering("12345678", "90", "1", "2");
    await expect(receiving).rejects.toThrow(TooLargeError);
    expect([stream.destroyed, listenersOf(stream)]).toEqual([true, NONE]);
  });

  test("a stream that closes without an end or an error is an incomplete answer", async () => {
    const { stream, receiving } = answering("123");
    process.nextTick(() => stream.destroy());
    await expect(receiving).rejects.toThrow(IncompleteError);
    expect(listenersOf(stream)).toEqual(NONE);
  });

  test("an error fails it, and one that comes later concerns nobody", async () => {
    const { stream, receiving } = answering("123");
    process.nextTick(() => stream.emit("error", new Error("reset")));
    await expect(receiving).rejects.toThrow("reset");
    stream.emit("error", new Error("late"));
  });
});
