import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "@jest/globals";
import { runCommand } from "../../src/cli/program.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CRMESH = /^(?:(\w+)="\$(\w+)" )?npm run crmesh -- (.+)$/;

/** The shell commands of a page, or of what is under one heading: one text for each block, in the order of the page. */
export function printedCommands(page: string, heading?: string): string[] {
  const text = readFileSync(`${ROOT}${page}`, "utf8");
  const part = heading === undefined ? text : sectionOf(text, page, heading);
  return [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!.trim());
}

function sectionOf(text: string, page: string, heading: string): string {
  const level = /^#+/.exec(heading)![0].length;
  const [, section] = text.split(`\n${heading}\n`);
  if (section === undefined) throw new Error(`${page} has no heading "${heading}".`);
  return section.split(new RegExp(`\n#{1,${level}} `))[0]!;
}

export interface Outcome {
  code: number;
  output: string;
}

/**
 * Runs a block of commands as it is printed, in a folder. A command of crmesh runs in this process, because the program is
 * not built for tests.
 */
export async function runPrinted(block: string, cwd: string, environment: Record<string, string>): Promise<Outcome> {
  const ofCrmesh = CRMESH.exec(block);
  if (ofCrmesh) return runCrmesh(ofCrmesh, environment);
  expect(block).not.toContain("npm run crmesh");
  return await new Promise((resolve, reject) => {
    let output = "";
    const shell = spawn("sh", ["-e", "-c", block], { cwd, env: { PATH: process.env["PATH"], ...environment } });
    for (const stream of [shell.stdout, shell.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    shell.once("error", reject);
    shell.once("close", (code) => resolve({ code: code ?? -1, output }));
  });
}

async function runCrmesh([, name, from, line]: RegExpExecArray, environment: Record<string, string>): Promise<Outcome> {
  let output = "";
  const write = (text: string) => void (output += text);
  const set = name === undefined ? {} : { [name]: environment[from!]! };
  const code = await runCommand(line!.split(" "), {
    environment: { ...environment, ...set },
    out: write,
    err: write,
    isTerminal: false,
  });
  return { code, output };
}
