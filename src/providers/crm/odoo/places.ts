import type { ProviderContext } from "../../contract/contract.js";
import { inputPath } from "../../mapping/write-record.js";
import { readText } from "./dialect.js";
import { anyOf, isText } from "./query.js";
import { searchRead, type OdooRecord } from "./search-read.js";
import type { WriteStep } from "./write-steps.js";

/** Puts the ids of country and state in the place of their names or codes; Odoo keeps both as records. */
export const placesByName: WriteStep = async (context, { native, problems }) => {
  const { country_id: country, state_id: state } = native;
  if (typeof country === "string") {
    const id = await countryId(context, country);
    if (id === undefined) problems[inputPath("addresses", "0.country")] = "Odoo knows no country of this name or code.";
    else native["country_id"] = id;
  }
  if (typeof state !== "string" || typeof native["country_id"] === "string") return;
  const states = await statesCalled(context, state, native["country_id"]);
  if (states.length === 1) native["state_id"] = states[0]!.id;
  else {
    problems[inputPath("addresses", "0.state")] =
      states.length === 0
        ? "Odoo knows no state of this name or code in the country."
        : "Several countries have such a state; give the country.";
  }
};

async function countryId(caller: ProviderContext, text: string): Promise<number | undefined> {
  const countries = await caller.memo("odoo countries", (context) =>
    searchRead(context, "res.country", [], { fields: ["name", "code"] }),
  );
  return countries.find((country) => isCalled(country, text))?.id;
}

/** A name goes before a code. */
async function statesCalled(caller: ProviderContext, text: string, country: unknown): Promise<OdooRecord[]> {
  const states = await caller.memo(`odoo states ${String(country)} ${text.toLowerCase()}`, (context) =>
    searchRead(
      context,
      "res.country.state",
      [
        ...anyOf([isText("name", text)], [isText("code", text)]),
        ...(typeof country === "number" ? [["country_id", "=", country] as const] : []),
      ],
      { fields: ["name", "code"] },
    ),
  );
  const named = states.filter((state) => readText(state["name"])?.toLowerCase() === text.toLowerCase());
  return named.length > 0 ? named : states;
}

function isCalled(place: OdooRecord, text: string): boolean {
  return [place["name"], place["code"]].some((name) => readText(name)?.toLowerCase() === text.toLowerCase());
}
