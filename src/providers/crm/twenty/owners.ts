import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { allRecords } from "./api.js";
import { nameOf } from "./contact-map.js";
import { flat } from "./dialect.js";

/** The members of the workspace. */
export const owners = ownerDirectory(async (context) =>
  (await allRecords(context, "workspaceMembers"))
    .map(flat)
    .map((member) => ownerOf(member["id"], nameOf(member), member["userEmail"])),
);
