import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { appUser } from "./answers.js";
import { getRequest, listAll } from "./api.js";

const userOf = ({ id, name, emailAddress: email }: Readonly<NativeRecord>) => ownerOf(id, name, email);

/** The API user that the key belongs to. EspoCRM does not list API users. */
export const self = (caller: ProviderContext) =>
  caller.memo("self", async (context) =>
    userOf((await context.send(getRequest("App/user"))).body.decode(appUser).user),
  );

export const owners = ownerDirectory(async (context) => {
  const listing = { where: [], select: ["id", "name", "emailAddress"], orderBy: "userName" };
  return [...(await listAll(context, "User", listing)).map(userOf), await self(context)];
});
