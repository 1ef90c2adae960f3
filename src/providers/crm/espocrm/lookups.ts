import { notFound } from "../../kit/adapter-kit.js";
import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type NativeRecord } from "../../contract/field-map.js";
import { readOne } from "./api.js";

/**
 * Checks the account, and keeps what a person's addresses and numbers have besides: whoever opted out stays so.
 * @throws FieldProblem
 */
export const preparePerson =
  (entity: "Contact" | "Lead") =>
  async (context: ProviderContext, { id, native }: { id: string | null; native: NativeRecord }): Promise<void> => {
    const { accountId, title } = native;
    if (typeof accountId === "string" && !(await readOne(context, "Account", accountId))) {
      throw new FieldProblem("EspoCRM has no account with this id.", "id", "company");
    }
    const lists = ["emailAddress", "phoneNumber"].filter((name) => native[`${name}Data`]);
    const isTitled = entity === "Contact" && Boolean(title);
    const isChanged = id !== null && (lists.length > 0 || (isTitled && accountId === undefined));
    const current = isChanged ? await readOne(context, entity, id) : {};
    if (!current) throw notFound(entity === "Contact" ? "contact" : "lead");
    if (isTitled && !(accountId === undefined ? current["accountId"] : accountId)) {
      throw new FieldProblem(
        "EspoCRM stores the title together with the contact’s account. Give company.id as well.",
        "",
        "title",
      );
    }
    for (const name of lists) {
      const known = (current[`${name}Data`] ?? []) as NativeRecord[];
      const isSame = (one: unknown, other: unknown) => String(one).toLowerCase() === String(other).toLowerCase();
      const keep = (entry: NativeRecord) => ({ ...known.find((one) => isSame(one[name], entry[name])), ...entry });
      native[`${name}Data`] = (native[`${name}Data`] as NativeRecord[]).map(keep);
    }
  };
