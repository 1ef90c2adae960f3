import { ownerDirectory } from "../../kit/owner-directory.js";
import { readAll, V1 } from "./api.js";
import { kit } from "./dialect.js";

export const owners = ownerDirectory(async (context) =>
  (await readAll(context, `${V1}/users`)).map(({ id, name, email }) => ({
    id: String(id),
    name: kit.readText(name),
    email: kit.readText(email),
  })),
);
