/** The words of the accounts' data, including awkward words such as names with umlauts and apostrophes. */

export const FIRST_NAMES = words(
  "Ann, Jürgen, Maria del Carmen, Søren, Zoë, Chloé, Nguyễn, Bjørk, Łukasz, Aoife, Mohammed, Yuki, José, Ingrid, " +
    "Kwame, Priya, Étienne, Olga, Tom, Grace",
);
export const LAST_NAMES = words(
  "Müller, O'Brien, de la Cruz, Nguyen, Åström, Smith-Jones, D’Angelo, Kowalski, Tanaka, Okafor, Weiß, Garcia Lorca, " +
    "van der Berg, Ibrahim, Novák, Li, Fitzgerald, Ünal, Dubois, Hansen",
);
export const COMPANIES = words(
  "Acme GmbH, Globex, Initech, Umbrella & Sons, Hooli, Łódź Logistics, Stark Industries, Café Noir SARL, " +
    "Wayne Enterprises, Soylent",
);
export const TITLES = words("CEO, Head of Sales, VP Engineering, Buyer, Office Manager, Geschäftsführer, CTO");
export const DEPARTMENTS = words("Sales, Engineering, Finance, Operations");
export const PLACES = [
  { city: "München", state: "Bavaria", postalCode: "80331", country: "Germany", countryCode: "DE" },
  { city: "Boston", state: "Massachusetts", postalCode: "02108", country: "United States", countryCode: "US" },
  { city: "Lyon", state: null, postalCode: "69001", country: "France", countryCode: "FR" },
  { city: "Dublin", state: null, postalCode: "D02 X285", country: "Ireland", countryCode: "IE" },
  {
    city: "St. John's",
    state: "Newfoundland and Labrador",
    postalCode: "A1C 5S7",
    country: "Canada",
    countryCode: "CA",
  },
];
export const SOURCES = words("Web, Referral, Trade Show, Partner");
/** In the order of the sales funnel. */
export const LIFECYCLES = [
  ...(["subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer"] as const),
  null,
];
export const SUBJECTS = words("New licence, Renewal, Pilot project, Upgrade, Support contract");
export const MEETING_TITLES = words("Discovery call, Demo, Quarterly review, Negotiation, Kick-off, Lunch");
export const LEAD_STATUSES = ["new", "working", "qualified", "unqualified", "converted"] as const;
export const RATINGS = ["hot", "warm", "cold", null] as const;
export const MEETING_STATUSES = ["scheduled", "completed", "cancelled", "no_show", "rescheduled"] as const;

function words(list: string): string[] {
  return list.split(", ");
}
