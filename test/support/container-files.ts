import { readFileSync } from "node:fs";

const textOf = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

export function textsOf(): { dockerfile: string; compose: string; dockerignore: string } {
  return {
    // A line that ends in a backslash goes on in the next one.
    dockerfile: textOf("Dockerfile").replace(/\\\n\s*/g, ""),
    compose: textOf("compose.yaml"),
    dockerignore: textOf(".dockerignore"),
  };
}
