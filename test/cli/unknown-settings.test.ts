import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { editDistance } from "../../src/cli/edit-distance.js";
import { unknownSettings } from "../../src/cli/unknown-settings.js";
import { settingNames } from "../../src/config.js";
import { providers } from "../../src/providers/index.js";
import { commandLine } from "../support/command-line.js";

const KNOWN = settingNames(providers);
const warnings = (environment: Record<string, string>) => unknownSettings(environment, KNOWN);

test.each([
  ["CRMESH_RATELIMIT", "CRMESH_RATE_LIMIT"],
  ["CRMESH_RATE_LIMTI", "CRMESH_RATE_LIMIT"],
  ["CRMESH_MAX_CALL", "CRMESH_MAX_CALLS"],
  ["CRMESH_ENCRYPTON_KEY", "CRMESH_ENCRYPTION_KEY"],
  ["CRMESH_HUBSPOT_CLIENT_SECRETT", "CRMESH_HUBSPOT_CLIENT_SECRET"],
  ["CRMESH_PIPEDRIVE_MEETING_TYPE", "CRMESH_PIPEDRIVE_MEETING_TYPES"],
  ["CRMESH_PUBLIC_URI", "CRMESH_PUBLIC_URL"],
  ["CRMESH_PORT", "PORT"],
  ["CRMESH_HOST", "HOST"],
  ["CRMESH_DATABASE_URL", "DATABASE_URL"],
])("%s is meant as %s", (name, meant) => {
  expect(warnings({ [name]: "s3cret" })).toEqual([`There is no setting ${name}. Did you mean ${meant}?`]);
});

test("a name that is like no setting has no suggestion", () => {
  expect(warnings({ CRMESH_SOMETHING_ELSE: "1" })).toEqual([
    "There is no setting CRMESH_SOMETHING_ELSE. docs/configuration.md lists all settings.",
  ]);
});

test.each([
  ["no setting of crmesh", { PATH: "/bin", CRMESHLIKE: "1", crmesh_x: "1" }],
  ["an empty variable", { CRMESH_RATELIMIT: "" }],
  ["a variable of a client", { CRMESH_URL: "http://127.0.0.1:4000", CRMESH_API_KEY: "sk_test_demo" }],
  [
    "the variables of Kubernetes for a service named crmesh or crmesh-proxy",
    {
      CRMESH_SERVICE_HOST: "10.0.0.1",
      CRMESH_SERVICE_PORT: "80",
      CRMESH_SERVICE_PORT_HTTP: "80",
      CRMESH_PORT: "tcp://10.0.0.1:80",
      CRMESH_PORT_80_TCP: "tcp://10.0.0.1:80",
      CRMESH_PORT_80_TCP_PROTO: "tcp",
      CRMESH_PROXY_SERVICE_HOST: "10.0.0.2",
      CRMESH_PROXY_PORT: "tcp://10.0.0.2:80",
    },
  ],
])("there is no warning of %s", (_, environment) => {
  expect(warnings(environment)).toEqual([]);
});

test("all settings of the documents are known, and all known ones are there", () => {
  const pages = ["configuration", "telemetry"].map((name) =>
    readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8"),
  );
  const documented = new Set(pages.join("\n").match(/CRMESH_[A-Z0-9_]*[A-Z0-9]/g));
  const ofEachProvider = /^CRMESH_[A-Z0-9]+_(BASE_URL|CLIENT_ID|CLIENT_SECRET)$/;
  expect(documented.size).toBeGreaterThan(30);
  expect([...documented].filter((name) => !KNOWN.includes(name))).toEqual([]);
  const own = KNOWN.filter((name) => name.startsWith("CRMESH_") && !ofEachProvider.test(name));
  expect(own.filter((name) => !documented.has(name))).toEqual([]);
  expect(KNOWN).toContain("CRMESH_ODOO_BASE_URL");
  expect(KNOWN).not.toContain("CRMESH_ODOO_CLIENT_ID");
});

test.each([
  ["", "", 0],
  ["abc", "abc", 0],
  ["", "abc", 3],
  ["abc", "", 3],
  ["abc", "abd", 1],
  ["abc", "acb", 1],
  ["abc", "ab", 1],
  ["ab", "abc", 1],
  ["kitten", "sitting", 3],
  ["ca", "abc", 3],
])("the distance of %j and %j is %i", (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test("a command warns on standard error, also before it reports a wrong setting", async () => {
  const environment = { CRMESH_DATA_DIR: "/dev/null/data", CRMESH_RATELIMIT: "s3cret", CRMESH_RATE_LIMIT: "many" };
  const { code, stdout, stderr } = await commandLine(["keys", "list"], environment);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(
    /^crmesh: warning: There is no setting CRMESH_RATELIMIT\. Did you mean CRMESH_RATE_LIMIT\?\ncrmesh: CRMESH_RATE_LIMIT has an invalid value: .*\n$/,
  );
  expect(stderr).not.toContain("s3cret");
});
