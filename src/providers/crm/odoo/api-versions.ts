import type { ApiVersion } from "../../contract/api-version.js";

export const apiVersions: readonly ApiVersion[] = [
  {
    name: "External JSON-2 API",
    paths: ["/json/2"],
    supportedUntil: null,
    source: "https://www.odoo.com/documentation/19.0/developer/reference/external_api.html",
    note: "Servers have it since Odoo 19.",
  },
  {
    name: "External RPC API",
    paths: ["/jsonrpc"],
    supportedUntil: "2027-12-01",
    source: "https://www.odoo.com/documentation/19.0/developer/reference/external_rpc_api.html",
    note:
      "Odoo removes it from Odoo Online 21.1 (“winter 2027”) and from Odoo 22 (“fall 2028”), and names no day. Servers of " +
      "earlier versions keep it. crmesh calls it only at servers without JSON-2.",
  },
];
