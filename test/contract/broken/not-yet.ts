/** The CRMs whose adapters still cast answers. */
export const CASTING: ReadonlySet<string> = new Set(["espocrm", "odoo", "twenty"]);
