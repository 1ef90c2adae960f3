import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { membersOf } from "../../kit/answer.js";
import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { getRequest, listAll } from "./api.js";
import { unchecked } from "../../kit/unchecked.js";

const userOf = ({ id, name, emailAddress: email }: Readonly<NativeRecord>) => ownerOf(id, name, email);
export const meOf = (body: unknown) => membersOf(membersOf(body)["user"]);

/** The API user that the key belongs to. EspoCRM does not list API users. */
export const self = (caller: ProviderContext) =>
  caller.memo("self", async (context) =>
    userOf(meOf((await context.send(getRequest("App/user"))).body.decode(unchecked))),
  );

export const owners = ownerDirectory(async (context) => {
  const listing = { where: [], select: ["id", "name", "emailAddress"], orderBy: "userName" };
  return [...(await listAll(context, "User", listing)).map(userOf), await self(context)];
});
