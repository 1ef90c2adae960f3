/** One run of `npm run test:live` in a real account. */
interface Proof {
  server: string;
  /** ISO 8601. */
  date: string;
  passed: number;
  tried: number;
}

/** The last full run at each server, by the slug of the provider. */
export const PROOFS: Readonly<Record<string, readonly Proof[]>> = {
  odoo: [{ server: "Odoo 17.0", date: "2026-11-30", passed: 912, tried: 1086 }],
  espocrm: [{ server: "EspoCRM 8.4.2", date: "2026-11-30", passed: 961, tried: 1018 }],
};
