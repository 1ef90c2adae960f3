import { ownerDirectory } from "../../kit/owner-directory.js";
import { allRecords } from "./api.js";
import { contactMap } from "./contact-map.js";
import { flat, readText } from "./dialect.js";

/** The members of the workspace. */
export const owners = ownerDirectory(async (context) =>
  (await allRecords(context, "workspaceMembers")).map(flat).map((member) => ({
    id: String(member["id"]),
    name: contactMap.fields.fullName!.read(member, { origin: "", customFields: [] }) || null,
    email: readText(member["userEmail"]),
  })),
);
