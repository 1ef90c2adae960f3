/** The only OAuth client, which every sandbox CRM knows. Its secret protects only invented data. */
export const SANDBOX_OAUTH_CLIENT = { id: "crmesh-sandbox", secret: "sandbox-secret" };
