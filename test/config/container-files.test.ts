import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { textsOf } from "../support/container-files.js";

const { dockerfile, compose, dockerignore } = textsOf();
const { engines, devDependencies } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { engines: { node: string }; devDependencies: Record<string, string> };

describe("compose.yaml", () => {
  test("passes on the OAuth client of every provider that has consent, and of no other", () => {
    const expected = providers.all
      .filter(({ oauth }) => oauth)
      .flatMap(({ slug }) => ["ID", "SECRET"].map((part) => `CRMESH_${slug.toUpperCase()}_CLIENT_${part}`));
    expect(expected).toHaveLength(14);
    const passed = [...compose.matchAll(/^ +(CRMESH_\w+_CLIENT_\w+): \$\{(\w+):-\}$/gm)];
    expect(passed.map(([, name]) => name).sort()).toEqual(expected.sort());
    for (const [, name, source] of passed) expect(source).toBe(name);
  });

  test("limits the memory of every container", () => {
    const containers = compose.match(/^ +image: /gm)!.length;
    expect(containers).toBe(4);
    expect(compose.match(/^ +mem_limit: \d+m$/gm)).toHaveLength(containers);
  });
});

describe("images", () => {
  const images = [
    ...[...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!),
    ...[...compose.matchAll(/^ +image: (\S+)$/gm)].map(([, image]) => image!).filter((image) => image !== "crmesh"),
  ];

  test.each(images)("%s is pinned to a minor version or to a digest", (image) => {
    expect(image).toMatch(/:\d+\.\d+(?:\.\d+)?-alpine$|@sha256:[0-9a-f]{64}$/);
  });

  test("all are there, and Node.js is the minor version that the tests run on", () => {
    expect(images).toHaveLength(5);
    const [major, minor] = devDependencies["node"]!.split(".");
    const ofNode = images.filter((image) => image.startsWith("node:"));
    expect(ofNode).toEqual(Array(2).fill(`node:${major}.${minor}-alpine`));
    expect(engines.node).toMatch(/^>=22\./);
  });
});

test("what the Dockerfile copies is what .dockerignore lets in", () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names!.split(" "));
  const allowed = dockerignore.split("\n").flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
  expect(copied.length).toBeGreaterThan(4);
  expect(copied.filter((name) => !allowed.includes(name))).toEqual([]);
});
