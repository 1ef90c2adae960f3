import type { Database } from "../database.js";
import type { Values } from "../data.js";

const COUNTRY_CODES = (
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD " +
  "CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF " +
  "GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN " +
  "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA " +
  "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI " +
  "SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI " +
  "VN VU WF WS XK YE YT ZA ZM ZW"
).split(" ");

/** Country → the codes and names of some of its states. */
const STATES: Readonly<Record<string, string>> = {
  CA:
    "AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and Labrador, NS Nova Scotia, " +
    "ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan",
  DE:
    "BW Baden-Württemberg, BY Bavaria, BE Berlin, HH Hamburg, HE Hesse, NI Lower Saxony, NW North Rhine-Westphalia, " +
    "SN Saxony",
  US:
    "AZ Arizona, CA California, CO Colorado, FL Florida, GA Georgia, IL Illinois, MA Massachusetts, MI Michigan, " +
    "NY New York, OH Ohio, PA Pennsylvania, TX Texas, WA Washington",
};

/** Adds all countries, and the states of three countries. */
export function seedPlaces(database: Database, created: Values): void {
  const names = new Intl.DisplayNames("en", { type: "region" });
  for (const code of COUNTRY_CODES) {
    const country = database.insert("res.country", { name: names.of(code) ?? code, code, ...created });
    for (const state of STATES[code]?.split(", ") ?? []) {
      const values = { code: state.slice(0, 2), name: state.slice(3), country_id: country.id };
      database.insert("res.country.state", { ...values, ...created });
    }
  }
}
