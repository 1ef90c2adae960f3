import type { ProviderContext } from "../../contract/contract.js";
import { readText } from "../../mapping/json-dialect.js";
import type { Owner } from "../../contract/model.js";
import { joinName } from "../../mapping/name-fields.js";
import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { getDecoded } from "../../kit/rest.js";
import { memberList } from "./answers.js";

/**
 * Reads all members of the workspace, including members who left. Source: docs.attio.com, REST API, "List workspace
 * members".
 */
export function members(caller: ProviderContext): Promise<readonly Owner[]> {
  return caller.memo("members", async (context) => {
    const { data } = await getDecoded(context, "/v2/workspace_members", {}, memberList);
    return data.map(({ id, first_name: first, last_name: last, email_address: email }) =>
      ownerOf(id.workspace_member_id, joinName(readText(first), readText(last)), email),
    );
  });
}

export const owners = ownerDirectory(members, "members");
