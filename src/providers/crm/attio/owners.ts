import type { ProviderContext } from "../../contract/contract.js";
import { readText } from "../../mapping/json-dialect.js";
import type { Owner } from "../../contract/model.js";
import { joinName } from "../../mapping/name-fields.js";
import { ownerDirectory } from "../../kit/owner-directory.js";
import { idOf, listIn, read } from "./api.js";

/** Everyone, those who left included. Source: docs.attio.com, REST API, "List workspace members". */
export function members(caller: ProviderContext): Promise<readonly Owner[]> {
  return caller.memo("members", async (context) =>
    listIn(await read(context, "/v2/workspace_members")).map((member) => ({
      id: idOf(member, "workspace_member_id"),
      name: joinName(readText(member["first_name"]), readText(member["last_name"])),
      email: readText(member["email_address"]),
    })),
  );
}

export const owners = ownerDirectory(members);
