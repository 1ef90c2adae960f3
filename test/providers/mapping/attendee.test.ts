import { expect, test } from "@jest/globals";
import { attendeeReader, responseOf } from "../../../src/providers/mapping/attendee.js";

test.each([
  ["needsAction", "NEEDS_ACTION"],
  ["NEEDS-ACTION", "NEEDS_ACTION"],
  ["needs_action", "NEEDS_ACTION"],
  ["Accepted", "ACCEPTED"],
  ["declined", "DECLINED"],
  ["TENTATIVE", "TENTATIVE"],
  ["delegated", null],
  ["", null],
  [undefined, null],
])("the answer %j reads as %s", (word, response) => {
  expect(responseOf(word)).toBe(response);
});

test("a CRM can have its own words", () => {
  const own = { yes: "ACCEPTED", no: "DECLINED" } as const;
  expect(["yes", "No", "tentative", "perhaps"].map((word) => responseOf(word, own))).toEqual([
    "ACCEPTED",
    "DECLINED",
    "TENTATIVE",
    null,
  ]);
});

test("an attendee is read from the members of one object", () => {
  const read = attendeeReader(
    { name: "label", email: "mail", contactId: "person", ownerId: "user", isOrganizer: "host", response: "answer" },
    { yes: "ACCEPTED" },
  );
  expect(read({ label: "Ann", mail: "ann@example.com", person: 7, user: null, host: true, answer: "yes" })).toEqual({
    name: "Ann",
    email: "ann@example.com",
    contactId: "7",
    ownerId: null,
    isOrganizer: true,
    response: "ACCEPTED",
  });
  expect(read({})).toEqual({
    name: null,
    email: null,
    contactId: null,
    ownerId: null,
    isOrganizer: false,
    response: null,
  });
});
