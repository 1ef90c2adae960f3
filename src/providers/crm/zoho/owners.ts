import type { NativeRecord } from "../../contract/field-map.js";
import { ownerDirectory } from "../../kit/owner-directory.js";
import { readText } from "../../mapping/json-dialect.js";
import { ask, everyPage } from "./api.js";

export const nameOf = (user: NativeRecord) => readText(user["full_name"]);
export const owners = ownerDirectory(async (context) => {
  const request = { method: "GET", path: "/users" } as const;
  const found = await everyPage((page) => ask(context, { ...request, query: { type: "AllUsers", page } }));
  const everyone = found.flatMap(({ users = [] }) => users);
  return everyone.map((user) => ({ id: String(user["id"]), name: nameOf(user), email: readText(user["email"]) }));
});
