import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { user } from "./answers.js";
import { readAll, V1 } from "./api.js";

export const owners = ownerDirectory(async (context) =>
  (await readAll(context, `${V1}/users`, {}, user)).map(({ id, name, email }) => ownerOf(id, name, email)),
);
