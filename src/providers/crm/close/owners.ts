import { allPages } from "../../kit/adapter-kit.js";
import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { joinName } from "../../mapping/name-fields.js";
import { getDecoded } from "../../kit/rest.js";
import { userPage } from "./answers.js";
import { pathOf } from "./api.js";
import { readText } from "./dialect.js";
import { PAGE_MAX } from "./paging.js";

export const owners = ownerDirectory(async (context) => {
  const everyone = await allPages(async (cursor) => {
    const skip = Number(cursor ?? 0);
    const query = { _limit: PAGE_MAX, _skip: skip };
    const { data, has_more } = await getDecoded(context, pathOf("user"), query, userPage);
    return { records: data, next: has_more === true && data.length > 0 ? String(skip + data.length) : null };
  });
  return everyone.map(({ id, email, first_name: first, last_name: last }) =>
    ownerOf(id, joinName(readText(first), readText(last)), email),
  );
});
