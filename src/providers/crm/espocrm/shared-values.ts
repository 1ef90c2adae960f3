import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { ContactInput, LeadInput } from "../../contract/input.js";
import { orFailure } from "../../kit/adapter-kit.js";
import type { Lookup } from "../../kit/resource-rules.js";
import { calls, NONE } from "../../kit/costs.js";
import { objectsAt } from "../../mapping/members.js";
import { isSamePhone, numberInE164 } from "../../mapping/phone-notations.js";
import { listPage, live, readOne } from "./api.js";
import { by, hasAnyAddress } from "./query.js";

/**
 * An e-mail address or a phone number is one record of EspoCRM's, with its type and its opt-out, that all its holders
 * share. A write with another type, or without the opt-out, would change it for everybody.
 */

/** Entities whose records have addresses and numbers. */
const HOLDERS = ["Contact", "Lead", "Account"] as const;

/** Addresses or numbers in one condition. */
const TOGETHER_MAX = 12;

/** Names the stored lists of a person that an update replaces with non-empty lists. */
export const replacedLists = ({ emails, phones }: ContactInput | LeadInput) => [
  ...(emails?.length ? ["emailAddressData"] : []),
  ...(phones?.length ? ["phoneNumberData"] : []),
];

/** One look-up for each entity finds out whether there are other holders, then each entry is looked up alone. */
export const entriesCost = ({ emails, phones }: ContactInput | LeadInput) => {
  const lists = [emails?.length ?? 0, phones?.length ?? 0].filter((count) => count > 0);
  const each = HOLDERS.length + 1;
  return lists.length === 0 ? NONE : calls(lists.reduce((sum, count) => sum + HOLDERS.length + count * each, 0));
};

/** EspoCRM stores a number as it is written, or in E.164 if its phone numbers are international. */
const isSame = (one: unknown, other: unknown) =>
  String(one).trim().toLowerCase() === String(other).trim().toLowerCase() || isSamePhone(String(one), String(other));

/** The texts under which EspoCRM may have an address or a number. It compares with its lower-case copy of an address. */
const storedForms = (name: string, value: string) =>
  name === "emailAddress" ? [value.toLowerCase()] : [...new Set([value.trim(), numberInE164(value) ?? value.trim()])];

/** Keeps what EspoCRM has of a written address or number, such as its opt-out. A number's type is that of all holders. */
export const keepEntries: Lookup<"contact" | "lead"> = async (context, { id, native, current, refuse }) => {
  const keep = async (name: string, input: "emails" | "phones") => {
    const written = native[`${name}Data`] as NativeRecord[] | undefined;
    if (!written || written.length === 0) return;
    const own = current ? objectsAt(current, `${name}Data`) : [];
    const entries = written.map((entry) => ({ entry, mine: own.find((one) => isSame(one[name], entry[name])) }));
    const isRetyped = (entry: NativeRecord, known?: NativeRecord) =>
      known !== undefined && entry["type"] !== undefined && entry["type"] !== known["type"];
    const asked = entries.filter(({ entry, mine }) => mine === undefined || isRetyped(entry, mine));
    const theirs = await entriesOfOthers(
      context,
      name,
      asked.map(({ entry }) => String(entry[name])),
      id,
    );
    native[`${name}Data`] = entries.map(({ entry, mine }, index) => {
      const other = theirs.find((one) => isSame(one[name], entry[name]));
      if (isRetyped(entry, other))
        refuse(
          input,
          "Another record has this number with another type, and EspoCRM has one type for all. Omit the type.",
          `${index}.type`,
        );
      return { ...(other ?? mine), ...entry };
    });
  };
  await Promise.all([keep("emailAddress", "emails"), keep("phoneNumber", "phones")]);
};

/** What other records have of these addresses or numbers. Entities that the API user may not read are left out. */
async function entriesOfOthers(
  context: ProviderContext,
  name: string,
  values: readonly string[],
  id: string | null,
): Promise<readonly NativeRecord[]> {
  if (values.length === 0) return [];
  const holders = async (where: ReturnType<ReturnType<typeof by>>) => {
    const found = await Promise.all(
      HOLDERS.map(async (entity) => {
        const listing = { where: [where], select: ["id"], maxSize: 2 };
        const page = await orFailure(() => listPage(context, entity, listing));
        if (page instanceof CrmError) {
          if (page.code === "PROVIDER_AUTH_FAILED" && !page.credentialRefused) return [];
          throw page;
        }
        return live(page.records).flatMap((record) =>
          record["id"] === id ? [] : [{ entity, id: String(record["id"]) }],
        );
      }),
    );
    return found.flat();
  };
  const having = (wanted: readonly string[]) => {
    const forms = wanted.flatMap((value) => storedForms(name, value));
    return name === "emailAddress" ? hasAnyAddress(forms) : by("in", name)(forms);
  };
  // More values would make the URL too long, so that each is looked up alone at once.
  const some = values.length > TOGETHER_MAX ? [] : await holders(having(values));
  if (some.length === 0 && values.length <= TOGETHER_MAX) return [];
  const each = await Promise.all(
    values.map(async (value) => {
      const [holder] = values.length === 1 ? some : await holders(having([value]));
      const record = holder && (await readOne(context, holder.entity, holder.id));
      return record ? objectsAt(record, `${name}Data`).filter((entry) => isSame(entry[name], value)) : [];
    }),
  );
  return each.flat();
}
