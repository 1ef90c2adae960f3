/** Where crmesh is, and in whose name the programs ask. The defaults are those of `npx crmesh serve`. */
export const settings = {
  url: process.env["CRMESH_URL"] ?? "http://127.0.0.1:4000/graphql",
  // Of a backend. Never in a browser: everybody could read it there.
  apiKey: process.env["CRMESH_API_KEY"] ?? "sk_test_demo",
  endUserId: process.env["END_USER_ID"] ?? "demo",
  /** Rehearses a failure, such as `hubspot=NEEDS_REAUTH`. Only test keys may send it. */
  headers: process.env["SANDBOX_FAULT"] ? { "x-sandbox-fault": process.env["SANDBOX_FAULT"] } : {},
};
