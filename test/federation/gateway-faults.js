/** What a gateway gets wrong by itself: the operations by gateway and version. docs/federation.md lists them too. */
const LOST_INDEXES = [
  "end users while one CRM answers 429",
  "contacts while one CRM answers 429",
  "a contact that is missing among others",
  "a lead that is missing",
  "a meeting that is missing",
  "a contact of a provider that is missing",
  "a contact by an id of nothing",
  "contacts of another end user than the header's",
];

/** Operations whose errors have wrong paths. Data, codes, provider and connectionId of these errors are right. */
export const WRONG_PATHS = {
  "@graphql-hive/gateway-runtime 2.12.1": LOST_INDEXES,
};
