import { FieldProblem, type FieldEntry, type NativeRecord } from "../../contract/field-map.js";
import type { AddressInput } from "../../contract/input.js";
import { readText } from "../../mapping/json-dialect.js";
import type { PostalAddress } from "../../contract/model.js";
import { listOf, plainKit } from "./dialect.js";

const NATIVE = "primary_location";
const lines = { street: "line_1", street2: "line_2" };
const places = { city: "locality", state: "region", postalCode: "postcode", country: "country_code" };
const parts = plainKit.addresses([{ type: null, ...lines, ...places }]);
const REST = { line_3: null, line_4: null, latitude: null, longitude: null };

/** One location, of which every member must be written. Source: docs.attio.com, "Attribute types", "Location". */
export const addresses: FieldEntry<PostalAddress[]> = {
  reads: [NATIVE],
  read: (record, context) => listOf(record[NATIVE]).flatMap((location) => parts.read(twoLines(location), context)),
  write: {
    native: [NATIVE],
    toNative(value: AddressInput[] | null) {
      const country = value?.[0]?.country?.trim().toUpperCase();
      if (country && !/^[A-Z]{2}$/.test(country)) {
        throw new FieldProblem("Give the country by its two-letter code (ISO 3166-1), such as DE.", "0.country");
      }
      const location = { ...parts.write!.toNative(value as never), ...REST, ...(country && { country_code: country }) };
      return { [NATIVE]: value?.length ? [location] : [] };
    },
  },
  note: "One, without a type; its country is the two-letter code.",
};

function twoLines({ line_2, line_3, line_4, ...location }: NativeRecord): NativeRecord {
  return { ...location, line_2: [line_2, line_3, line_4].flatMap((line) => readText(line) ?? []).join("\n") };
}
