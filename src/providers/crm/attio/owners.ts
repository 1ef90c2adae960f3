import type { ProviderContext } from "../../contract/contract.js";
import { readText } from "../../mapping/json-dialect.js";
import type { Owner } from "../../contract/model.js";
import { joinName } from "../../mapping/name-fields.js";
import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { idOf, listIn, read } from "./api.js";

/**
 * Reads all members of the workspace, including members who left. Source: docs.attio.com, REST API, "List workspace
 * members".
 */
export function members(caller: ProviderContext): Promise<readonly Owner[]> {
  return caller.memo("members", async (context) =>
    listIn(await read(context, "/v2/workspace_members")).map((member) => {
      const name = joinName(readText(member["first_name"]), readText(member["last_name"]));
      return ownerOf(idOf(member, "workspace_member_id"), name, member["email_address"]);
    }),
  );
}

export const owners = ownerDirectory(members);
