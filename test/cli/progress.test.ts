import { expect, test } from "@jest/globals";
import { Progress } from "../../src/cli/progress.js";

/** A stream that remembers, and a clock that each look moves on by half a second. */
function stage(isTTY: boolean) {
  const written: string[] = [];
  let ms = 0;
  const progress = new Progress({ isTTY, write: (text) => void written.push(text) }, () => (ms += 500));
  return { written, progress };
}

test("each step is a line where nobody watches", () => {
  const { written, progress } = stage(false);
  progress.begin("Opening the database");
  progress.begin("Starting the sandbox CRMs");
  progress.end();
  expect(written).toEqual(["Opening the database …\n", "Starting the sandbox CRMs …\n"]);
});

test("a step on a terminal ends with its time, and a failed one with a cross", () => {
  const { written, progress } = stage(true);
  progress.begin("Opening the database");
  progress.begin("Starting the sandbox CRMs");
  progress.fail();
  progress.end();
  const clear = "\r\u001b[2K";
  expect(written).toEqual([
    `${clear}⠋ Opening the database …`,
    `${clear}✓ Opening the database   0.5 s\n`,
    `${clear}⠋ Starting the sandbox CRMs …`,
    `${clear}✗ Starting the sandbox CRMs   0.5 s\n`,
  ]);
});
