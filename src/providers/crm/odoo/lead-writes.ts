import type { ProviderContext } from "../../contract/contract.js";
import type { LeadInput } from "../../contract/input.js";
import { notFound } from "../../kit/adapter-kit.js";
import { inputPath } from "../../mapping/write-record.js";
import { readText } from "./dialect.js";
import { LEAD_MODEL } from "./lead-map.js";
import { searchRead, type OdooRecord } from "./search-read.js";
import type { WriteStep } from "./write-steps.js";

/**
 * A lead's value is in the currency of its company, which cannot be written. An existing lead has a company; a new one
 * gets the one that keeps its books in that currency, where the database has several.
 */
export const checkCurrency: WriteStep<LeadInput> = async (context, { id, native, problems }) => {
  const wanted = native["company_currency"];
  delete native["company_currency"];
  if (typeof wanted !== "string") return;
  const refuse = (...possible: (string | null)[]) => {
    problems[inputPath("value", "currency")] = `Odoo keeps this value in ${possible.join(" or ")}.`;
  };
  if (id !== null) {
    const [lead] = await searchRead(context, LEAD_MODEL, [["id", "=", Number(id)]], { fields: ["company_currency"] });
    if (!lead) throw notFound("lead");
    const currency = readText(lead["company_currency"]);
    if (currency !== wanted) refuse(currency);
    return;
  }
  const companies = await companiesOf(context);
  const company = companies.find((each) => readText(each["currency_id"]) === wanted);
  if (!company) refuse(...new Set(companies.map((each) => readText(each["currency_id"]))));
  else if (companies.length > 1) native["company_id"] = company.id;
};

function companiesOf(caller: ProviderContext): Promise<OdooRecord[]> {
  return caller.memo("odoo companies", (context) =>
    searchRead(context, "res.company", [["active", "=", true]], { fields: ["currency_id"], order: "sequence, id" }),
  );
}
