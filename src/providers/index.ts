import { attio } from "./crm/attio/index.js";
import { close } from "./crm/close/index.js";
import { dynamics365 } from "./crm/dynamics365/index.js";
import { espocrm } from "./crm/espocrm/index.js";
import { hubspot } from "./crm/hubspot/index.js";
import { odoo } from "./crm/odoo/index.js";
import { pipedrive } from "./crm/pipedrive/index.js";
import { ProviderRegistry } from "./registry.js";
import { salesforce } from "./crm/salesforce/index.js";
import { twenty } from "./crm/twenty/index.js";
import { zoho } from "./crm/zoho/index.js";

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
