import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { readStylesheet } from "../../src/connect/stylesheet.js";
import { Stage } from "./stage.js";

const FOLDER = new URL("../../src/connect/styles/", import.meta.url);

test("browsers get one stylesheet with all files", async () => {
  const stage = await Stage.open();
  const { body } = await stage.get(await stage.enter());
  const address = /<link rel="stylesheet" href="([^"]+)"/.exec(body)![1]!;
  const served = await stage.get(address);
  expect(served.headers["content-type"]).toBe("text/css; charset=utf-8");
  for (const name of readdirSync(FOLDER)) expect(served.body).toContain(readFileSync(new URL(name, FOLDER), "utf8"));
  await stage.app.close();
});

test("all variables are defined, and all are used", async () => {
  const stylesheet = await readStylesheet();
  const found = (pattern: RegExp) => [...new Set([...stylesheet.matchAll(pattern)].map(([, name]) => name!))].sort();
  expect(found(/var\((--[\w-]+)\)/g)).toEqual(found(/^\s*(--[\w-]+):/gm));
});
