/** The words that the accounts' data is made of, with the awkward ones that real data has. */

export const FIRST_NAMES = [
  "Ann",
  "Jürgen",
  "Maria del Carmen",
  "Søren",
  "Zoë",
  "Chloé",
  "Nguyễn",
  "Bjørk",
  "Łukasz",
  "Aoife",
  "Mohammed",
  "Yuki",
  "José",
  "Ingrid",
  "Kwame",
  "Priya",
  "Étienne",
  "Olga",
  "Tom",
  "Grace",
];
export const LAST_NAMES = [
  "Müller",
  "O'Brien",
  "de la Cruz",
  "Nguyen",
  "Åström",
  "Smith-Jones",
  "D’Angelo",
  "Kowalski",
  "Tanaka",
  "Okafor",
  "Weiß",
  "Garcia Lorca",
  "van der Berg",
  "Ibrahim",
  "Novák",
  "Li",
  "Fitzgerald",
  "Ünal",
  "Dubois",
  "Hansen",
];
export const COMPANIES = [
  "Acme GmbH",
  "Globex",
  "Initech",
  "Umbrella & Sons",
  "Hooli",
  "Łódź Logistics",
  "Stark Industries",
  "Café Noir SARL",
  "Wayne Enterprises",
  "Soylent",
];
export const TITLES = ["CEO", "Head of Sales", "VP Engineering", "Buyer", "Office Manager", "Geschäftsführer", "CTO"];
export const DEPARTMENTS = ["Sales", "Engineering", "Finance", "Operations"];
export const PLACES = [
  { city: "München", state: "Bavaria", postalCode: "80331", country: "Germany" },
  { city: "Boston", state: "Massachusetts", postalCode: "02108", country: "United States" },
  { city: "Lyon", state: null, postalCode: "69001", country: "France" },
  { city: "Dublin", state: null, postalCode: "D02 X285", country: "Ireland" },
  { city: "St. John's", state: "Newfoundland and Labrador", postalCode: "A1C 5S7", country: "Canada" },
];
export const SOURCES = ["Web", "Referral", "Trade Show", "Partner"];
export const LIFECYCLES = [
  "subscriber",
  "lead",
  "marketingqualifiedlead",
  "salesqualifiedlead",
  "opportunity",
  "customer",
  null,
] as const;
export const SUBJECTS = ["New licence", "Renewal", "Pilot project", "Upgrade", "Support contract"];
export const MEETING_TITLES = ["Discovery call", "Demo", "Quarterly review", "Negotiation", "Kick-off", "Lunch"];
export const STATUSES = ["new", "working", "qualified", "unqualified", "converted"] as const;
export const RATINGS = ["hot", "warm", "cold", null] as const;
