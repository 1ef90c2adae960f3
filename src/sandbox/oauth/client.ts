/** The one OAuth client that every sandbox CRM knows; its secret guards nothing but made-up data. */
export const SANDBOX_OAUTH_CLIENT = { id: "crmesh-sandbox", secret: "sandbox-secret" };
