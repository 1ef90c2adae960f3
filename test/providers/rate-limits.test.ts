import { describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import type { UpstreamResponse } from "../../src/upstream/request.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

function stated(slug: string, headers: UpstreamResponse["headers"]) {
  return providers.get(slug).traits.rateLimit?.({ status: 200, headers, body: new AnswerBody({}), isJson: true });
}

describe("the limits that answers state", () => {
  const HUBSPOT = {
    "x-hubspot-ratelimit-max": "190",
    "x-hubspot-ratelimit-remaining": "188",
    "x-hubspot-ratelimit-interval-milliseconds": "10000",
  };

  test("HubSpot: a window of some seconds", () => {
    expect(stated("hubspot", HUBSPOT)).toEqual({ limit: 190, remaining: 188, windowMs: 10_000 });
    expect(stated("hubspot", { ...HUBSPOT, "x-hubspot-ratelimit-remaining": "0" })?.remaining).toBe(0);
  });

  test("HubSpot: searches state none", () => {
    expect(stated("hubspot", {})).toBeUndefined();
    expect(stated("hubspot", { "x-hubspot-ratelimit-max": "many" })).toBeUndefined();
  });

  test("HubSpot: without the other headers, the rest is unknown and the window is as documented", () => {
    const alone = { "x-hubspot-ratelimit-max": "100" };
    expect(stated("hubspot", alone)).toEqual({ limit: 100, remaining: null, windowMs: 10_000 });
  });

  test("Salesforce: a day's allowance, which is no window to pace by", () => {
    const limit = (text: string) => stated("salesforce", { "sforce-limit-info": text });
    expect(limit("api-usage=18/15000")).toEqual({ limit: 15_000, remaining: 14_982, windowMs: null });
    expect(limit("per-app-api-usage=17/250(appName=crmesh), api-usage=18/15000")).toEqual({
      limit: 15_000,
      remaining: 14_982,
      windowMs: null,
    });
    expect(limit("api-usage=15010/15000")?.remaining).toBe(0);
    expect(limit("per-app-api-usage=17/250(appName=crmesh)")).toBeUndefined();
    expect(stated("salesforce", {})).toBeUndefined();
  });

  test("Odoo: none", () => {
    expect(stated("odoo", HUBSPOT)).toBeUndefined();
  });
});
