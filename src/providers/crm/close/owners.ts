import type { Owner } from "../../contract/model.js";
import { ownerDirectory } from "../../kit/owner-directory.js";
import { joinName } from "../../mapping/name-fields.js";
import { get } from "./api.js";
import { readText } from "./dialect.js";
import { PAGE_MAX } from "./paging.js";

export const owners = ownerDirectory(async (context) => {
  const everyone: Owner[] = [];
  for (let isMore = true; isMore;) {
    type Users = { data: Record<string, unknown>[]; has_more?: boolean };
    const { data, has_more } = await get<Users>(context, "user", { _limit: PAGE_MAX, _skip: everyone.length });
    for (const { id, email, first_name: first, last_name: last } of data) {
      everyone.push({ id: String(id), name: joinName(readText(first), readText(last)), email: readText(email) });
    }
    isMore = has_more === true && data.length > 0;
  }
  return everyone;
});
