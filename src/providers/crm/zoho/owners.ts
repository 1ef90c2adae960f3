import type { NativeRecord } from "../../contract/field-map.js";
import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { readText } from "../../mapping/json-dialect.js";
import { userPage } from "./answers.js";
import { ask, everyPage } from "./api.js";

export const nameOf = (user: NativeRecord) => readText(user["full_name"]);
export const owners = ownerDirectory(async (context) => {
  const request = { method: "GET", path: "/users" } as const;
  const load = (page: number) => ask(context, { ...request, query: { type: "AllUsers", page } }, userPage);
  const everyone = await everyPage(load);
  return everyone.map((user) => ownerOf(user["id"], nameOf(user), user["email"]));
});
