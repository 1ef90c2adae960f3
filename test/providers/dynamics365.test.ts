import { describe, expect, test } from "@jest/globals";
import { isAbsentColumn } from "../../src/providers/crm/dynamics365/errors.js";
import { dynamics365 } from "../../src/providers/crm/dynamics365/index.js";
import { AnswerBody } from "../../src/upstream/answer-body.js";

const refused = (code: string, message: string) =>
  dynamics365.traits.classify({
    status: 400,
    headers: {},
    isJson: true,
    body: new AnswerBody({ error: { code, message } }),
  })!;

const PAYLOAD = "Error identified in Payload provided by the user for Entity :'contacts' ----> InnerException : ";

describe("refusals of columns", () => {
  test.each([
    ["0x0", "Could not find a property named 'fax' on type 'Microsoft.Dynamics.CRM.contact'."],
    ["0x80060888", "Could not find a property named 'fax' on type 'Microsoft.Dynamics.CRM.contact'."],
    ["0x80048d19", `${PAYLOAD}Invalid property 'fax' was found in entity 'Microsoft.Dynamics.CRM.contact'.`],
    [
      "0x80048d19",
      `${PAYLOAD}An undeclared property 'fax' which only has property annotations in the payload was found.`,
    ],
    ["0x80041103", "'contact' entity doesn't contain attribute with Name = 'fax' and NameMapping = 'Logical'."],
  ])("%s: %s", (code, message) => {
    const error = refused(code, message);
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["fax"]]);
    expect(isAbsentColumn(error)).toBe(true);
  });

  test.each([
    [
      "0x80044331",
      "The length of the 'fax' attribute of the 'contact' entity exceeded the maximum allowed length of '50'.",
    ],
    ["0x80048d19", `${PAYLOAD}Cannot convert the literal '"x"' of property 'fax' to the expected type 'Edm.Int32'.`],
    ["0x8004431a", "The value of 'fax' on record of type 'contact' is outside the valid range. Accepted Values: 1,2"],
  ])("a refusal of a value is none: %s %s", (code, message) => {
    const error = refused(code, message);
    expect([error.code, Object.keys(error.details.errors!)]).toEqual(["INVALID_INPUT", ["fax"]]);
    expect(isAbsentColumn(error)).toBe(false);
  });
});
