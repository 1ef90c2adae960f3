import { describe, expect, test } from "@jest/globals";
import { createLogger, type LogFormat } from "../../src/observability/logger.js";

/** Everything that a caller or a CRM could put into a value to forge a line, or to change what a terminal shows. */
const HOSTILE =
  'x\n{"level":"error","msg":"forged"}\r\n\u001b[2J\u001b]0;title\u0007\u009b31m\u2028\u2029\u202egnihton\u200b\u{e0041}"\\';
/** The characters that must not reach the output as they are, except the line break at the end of each line. */
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function logged(format: LogFormat = "json", hasColours = false) {
  const output: string[] = [];
  const logger = createLogger("debug", { write: (line) => void output.push(line) }, format, hasColours);
  return { logger, output, lines: () => output.join("").split("\n").slice(0, -1) };
}

describe("JSON", () => {
  test("has the name of the level and an ISO time in UTC", () => {
    const { logger, lines } = logged();
    logger.warn({ requestId: "r-1" }, "Something");
    const line = JSON.parse(lines()[0]!) as Record<string, string>;
    expect(line).toMatchObject({ level: "warn", requestId: "r-1", msg: "Something" });
    expect(line["time"]).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  });

  test("a hostile value stays one line without control characters, and keeps its value", () => {
    const { logger, lines } = logged();
    logger.info({ value: HOSTILE, inside: { [HOSTILE]: [HOSTILE] } }, HOSTILE);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).not.toMatch(UNSAFE);
    expect(JSON.parse(lines()[0]!)).toMatchObject({ value: HOSTILE, inside: { [HOSTILE]: [HOSTILE] }, msg: HOSTILE });
  });
});

describe("text", () => {
  test("is a line for people: time, level, message, fields", () => {
    const { logger, lines } = logged("text");
    logger.warn({ provider: "hubspot", code: "PROVIDER_ERROR", detail: "Not JSON.", calls: 3 }, "Provider failed");
    expect(lines()).toEqual([
      expect.stringMatching(
        /^\d\d:\d\d:\d\d\.\d{3} WARN {2}Provider failed {2}provider=hubspot code=PROVIDER_ERROR detail="Not JSON." calls=3$/,
      ),
    ]);
  });

  test("a hostile value cannot begin a line or hold an escape sequence", () => {
    const { logger, lines, output } = logged("text");
    logger.info({ value: HOSTILE, inside: { [HOSTILE]: [HOSTILE] }, [HOSTILE]: 1 }, HOSTILE);
    expect(lines()).toHaveLength(1);
    expect(output.join("")).not.toMatch(UNSAFE);
  });

  test("an error follows on indented lines, which its message cannot leave", () => {
    const { logger, lines, output } = logged("text");
    const error = new RangeError(HOSTILE, { cause: new TypeError("inner") });
    logger.error({ err: error }, "Request failed");
    const [first, ...others] = lines();
    expect(first).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR Request failed$/);
    expect(others.length).toBeGreaterThan(3);
    for (const line of others) expect(line).toMatch(/^ {2}/);
    expect(output.join("")).not.toMatch(UNSAFE);
    expect(output.join("")).toMatch(/caused by\n {4}TypeError: inner/);
  });

  test("colours only the level", () => {
    const { logger, lines } = logged("text", true);
    logger.error("Broken");
    expect(lines()[0]).toContain("\u001b[31mERROR\u001b[0m Broken");
  });
});

describe("an error", () => {
  test("has a bounded length, also with causes in a circle", () => {
    const { logger, lines } = logged();
    const first = new Error("a".repeat(1_000_000));
    const second = new Error("second", { cause: first });
    first.cause = second;
    logger.error({ err: first }, "Request failed");
    expect(lines()[0]!.length).toBeLessThan(25_000);
    expect(JSON.parse(lines()[0]!)).toMatchObject({ err: { name: "Error", cause: { message: "second" } } });
  });

  test("is logged without its other properties", () => {
    const { logger, output } = logged();
    const error = Object.assign(new Error("refused"), {
      code: "E1",
      options: { headers: { authorization: "hunter2" } },
    });
    logger.error({ err: error }, "Request failed");
    expect(output.join("")).not.toContain("hunter2");
    expect(JSON.parse(output[0]!)).toMatchObject({ err: { code: "E1", message: "refused" } });
  });
});

test("values of the names of secrets are hidden, however they are spelled and nested", () => {
  const { logger, lines } = logged();
  const inside = { client_secret: "hunter2", list: [{ Authorization: "hunter2", kept: 1 }], "api-key": "hunter2" };
  const line = { password: "hunter2", a: { accessToken: ["hunter2"], b: inside }, requestId: "r-1" };
  logger.warn(line, "Something");
  expect(lines()[0]).not.toContain("hunter2");
  expect(JSON.parse(lines()[0]!)).toMatchObject({ requestId: "r-1", a: { b: { list: [{ kept: 1 }] } } });
  // What was logged is not changed.
  expect([line.password, inside.list[0]!.Authorization]).toEqual(["hunter2", "hunter2"]);
});

test("an object without an end is cut", () => {
  const { logger, lines } = logged();
  const circle: Record<string, unknown> = { password: "hunter2" };
  circle["again"] = circle;
  logger.warn({ circle });
  expect(lines()[0]).not.toContain("hunter2");
  expect(lines()[0]!.length).toBeLessThan(500);
});
