import { expect, test } from "@jest/globals";
import { urlTemplate } from "../../src/upstream/url-template.js";

test.each([
  ["/crm/v3/objects/contacts/search", "/crm/v3/objects/contacts/search"],
  ["/crm/v3/objects/contacts/501?properties=email", "/crm/v3/objects/contacts/{id}"],
  ["/crm/v4/associations/contacts/meetings/batch/read", "/crm/v4/associations/contacts/meetings/batch/read"],
  ["/crm/objects/2026-09/contacts/501", "/crm/objects/2026-09/contacts/{id}"],
  ["/json/2/res.partner/search_read", "/json/2/res.partner/search_read"],
  ["/people/2/json/3", "/people/{id}/json/{id}"],
  ["/people/2026-09-30/notes", "/people/{id}/notes"],
  ["/services/data/v66.0/query?q=SELECT+Id", "/services/data/v66.0/query"],
  ["/services/data/v66.0/sobjects/Contact/003Qy00000AbCdEIAV", "/services/data/v66.0/sobjects/Contact/{id}"],
  ["/services/oauth2/token", "/services/oauth2/token"],
  ["/api/data/v9.2/contacts(1b2c3d4e-0000-4000-8000-000000000001)", "/api/data/v9.2/contacts({id})"],
  ["/api/v1/contact/cont_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlMnOpQ/", "/api/v1/contact/{id}/"],
  ["/rest/people/0a1b2c3d-1111-4222-8333-444455556666", "/rest/people/{id}"],
  ["/api/v1/User/anna@example.com", "/api/v1/User/{id}"],
  ["/oauth/v1/refresh-tokens/6f1e7a52-aaaa-4bbb-8ccc-1234567890ab", "/oauth/v1/refresh-tokens/{id}"],
  ["/users/Anna%20M%C3%BCller", "/users/{id}"],
  ["/", "/"],
])("%s is told as %s", (path, template) => {
  expect(urlTemplate(`https://api.example.com${path}`)).toBe(template);
});
