import { describe, expect, test } from "@jest/globals";
import { traceIdOf } from "../../src/observability/trace-context.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

describe("traceparent", () => {
  test.each([
    ["version 00", `00-${TRACE}-${PARENT}-01`],
    ["a trace that is not sampled", `00-${TRACE}-${PARENT}-00`],
    ["white space around it", ` 00-${TRACE}-${PARENT}-01\t`],
    ["a later version", `cc-${TRACE}-${PARENT}-01`],
    ["a later version with further parts", `cc-${TRACE}-${PARENT}-01-what-the-future-brings`],
  ])("%s names its trace id", (_name, header) => expect(traceIdOf(header)).toBe(TRACE));

  test.each([
    ["none", undefined],
    ["empty", ""],
    ["two headers, which Node joins", `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
    ["version ff", `ff-${TRACE}-${PARENT}-01`],
    ["version 00 with further parts", `00-${TRACE}-${PARENT}-01-more`],
    ["a later version with a longer flag", `cc-${TRACE}-${PARENT}-01more`],
    ["capitals", `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ["a trace id of zeros", `00-${"0".repeat(32)}-${PARENT}-01`],
    ["a parent id of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["a short trace id", `00-${TRACE.slice(1)}-${PARENT}-01`],
    ["a line break", `00-${TRACE}-${PARENT}-01\n{"level":"error"}`],
    ["no hexadecimal digits", `00-${TRACE.replace("4", "g")}-${PARENT}-01`],
  ])("%s is no trace id", (_name, header) => expect(traceIdOf(header)).toBeNull());
});
