import { commonProperties, propertyIn } from "./property.js";

const GROUP = "companyinformation";
const property = propertyIn(GROUP);

export const COMPANY_PROPERTIES = [
  property("name", "Company name"),
  property("domain", "Company Domain Name"),
  property("phone", "Phone Number", { fieldType: "phonenumber" }),
  property("hubspot_owner_id", "Company owner", { type: "enumeration", externalOptions: "OWNERS" }),
  property("createdate", "Create Date", { type: "datetime", readOnly: true }),
  property("hs_lastmodifieddate", "Last Modified Date", { type: "datetime", readOnly: true }),
  ...commonProperties(GROUP),
];
