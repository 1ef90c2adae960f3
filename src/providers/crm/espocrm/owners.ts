import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { ColumnRules } from "../../kit/columns.js";
import { ownerDirectory, ownerOf } from "../../kit/owner-directory.js";
import { appUser } from "./answers.js";
import { getRequest, listAll } from "./api.js";

const userOf = ({ id, name, emailAddress: email }: Readonly<NativeRecord>) => ownerOf(id, name, email);

/** The API user that the key belongs to, and what their roles say about fields. */
const account = (caller: ProviderContext) =>
  caller.memo("self", async (context) => {
    const { user, acl } = (await context.send(getRequest("App/user"))).body.decode(appUser);
    return { user: userOf(user), fieldTable: acl?.fieldTable ?? {} };
  });

/** EspoCRM does not list API users. */
export const self = async (context: ProviderContext) => (await account(context)).user;

/** Attributes that belong to a field of another name: `accountId`, `emailAddressData`, `addressCity`. */
const fieldsOf = (attribute: string): readonly string[] => [
  attribute,
  attribute.replace(/(Id|Name|Type|Ids|Names|Columns|Data|Date|Currency)$/, ""),
  ...(attribute.startsWith("address") ? ["address"] : []),
];

/**
 * Roles hide fields, and forbid to edit them. EspoCRM leaves hidden fields out of answers, refuses conditions with them, and
 * carries out writes without them.
 */
export const columnsOf = (entity: string): ColumnRules => ({
  definition: "self",
  writesSilently: true,
  async load(context) {
    const rules = (await account(context)).fieldTable[entity] ?? {};
    const allows = (attribute: string, action: "read" | "edit") =>
      fieldsOf(attribute).every((field) => rules[field]?.[action] !== "no");
    return {
      has: (attribute) => allows(attribute, "read"),
      isWritable: (attribute) => allows(attribute, "edit"),
    };
  },
  // The reasons that have a code are of the entity or the page: "No read access", "Max size should not exceed".
  isRefusal: ({ code, credentialRefused, details: { upstream } }) =>
    code === "PROVIDER_AUTH_FAILED" && !credentialRefused && upstream !== undefined && upstream.code === undefined,
});

export const owners = ownerDirectory(async (context) => {
  const listing = { where: [], select: ["id", "name", "emailAddress"], orderBy: "userName" };
  return [...(await listAll(context, "User", listing)).map(userOf), await self(context)];
});
