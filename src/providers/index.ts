import { attio } from "./attio/index.js";
import { close } from "./close/index.js";
import { dynamics365 } from "./dynamics365/index.js";
import { espocrm } from "./espocrm/index.js";
import { hubspot } from "./hubspot/index.js";
import { odoo } from "./odoo/index.js";
import { pipedrive } from "./pipedrive/index.js";
import { ProviderRegistry } from "./registry.js";
import { salesforce } from "./salesforce/index.js";
import { twenty } from "./twenty/index.js";
import { zoho } from "./zoho/index.js";

/** All CRMs that crmesh speaks; a new one is a folder and a line here. */
export const providers = new ProviderRegistry([
  hubspot,
  salesforce,
  odoo,
  pipedrive,
  zoho,
  dynamics365,
  close,
  attio,
  espocrm,
  twenty,
]);
