/** The CRMs whose adapters still cast answers. */
export const CASTING: ReadonlySet<string> = new Set([
  "attio",
  "close",
  "dynamics365",
  "espocrm",
  "odoo",
  "pipedrive",
  "salesforce",
  "twenty",
  "zoho",
]);
