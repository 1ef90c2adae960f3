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
  odoo: [
    { server: "Odoo 17.0", date: "2026-11-30", passed: 1199, tried: 1199 },
    { server: "Odoo 19.0 (JSON-2)", date: "2026-11-30", passed: 1197, tried: 1197 },
  ],
  espocrm: [
    { server: "EspoCRM 8.4.2", date: "2026-11-30", passed: 1144, tried: 1144 },
    { server: "EspoCRM 9.2.7", date: "2026-11-30", passed: 1153, tried: 1153 },
  ],
  twenty: [{ server: "Twenty 2.21", date: "2026-11-30", passed: 638, tried: 638 }],
};
