import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SRC = join(ROOT, "src");
const CRMS = join(SRC, "providers/crm");

/** Files that every CRM has. */
const EVERYWHERE = [
  "index.ts",
  "notes.ts",
  "api-versions.ts",
  "account.ts",
  "errors.ts",
  "dialect.ts",
  "api.ts",
  "query.ts",
  "records.ts",
  "definitions.ts",
  "edges.ts",
  "owners.ts",
  "cost.ts",
  "contact-map.ts",
  "meeting-map.ts",
];

/** Files that a CRM lacks only if it has no such feature. */
const WHERE_NEEDED = [
  "answers.ts",
  "oauth.ts",
  "lookups.ts",
  "lead-map.ts",
  "meeting-people.ts",
  "meeting-times.ts",
  "paging.ts",
  "shared-values.ts",
  "write-answers.ts",
];

/** Files of a single CRM, each with the reason why no file of the skeleton can have its content. */
const OWN_FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hubspot: {
    "associations.ts":
      "Only HubSpot links records by associations, which edges and the company of a contact read alike.",
    "company.ts": "Only HubSpot has both a company record and a text of the company at a contact.",
    "merged.ts": "Only HubSpot answers the former id of a merged contact in one kind of read and not in another.",
  },
  odoo: { "lead-type.ts": "Only Odoo lets a database switch leads off, so that opportunities take their place." },
  salesforce: { "relations.ts": "Only at Salesforce the query of an event's people depends on a feature of the org." },
};

/** Maximum number of lines of an index.ts, which only wires the other files together. */
const INDEX_LINES_MAX = 80;
const LINES_MAX = 300;

const linesOf = (path: string) => readFileSync(path, "utf8").split("\n").length - 1;

/** Returns the faults in the file names of one CRM folder. */
function problemsOf(slug: string, names: readonly string[], own = OWN_FILES[slug] ?? {}): string[] {
  const allowed = new Set([...EVERYWHERE, ...WHERE_NEEDED, ...Object.keys(own)]);
  return [
    ...names.filter((name) => !allowed.has(name)).map((name) => `${slug}/${name} is not a name of the skeleton`),
    ...EVERYWHERE.filter((name) => !names.includes(name)).map((name) => `${slug}/${name} is missing`),
    ...Object.keys(own)
      .filter((name) => !names.includes(name))
      .map((name) => `${slug}/${name} is listed as an own file but does not exist`),
  ];
}

/** The number of different names over all folders, and the names that occur in only one folder. */
function countNames(folders: readonly (readonly string[])[]) {
  const counts = new Map<string, number>();
  for (const name of folders.flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return { all: counts.size, single: [...counts.values()].filter((count) => count === 1).length };
}

describe("the files of a CRM's folder", () => {
  const slugs = readdirSync(CRMS);

  test("there is one folder for each provider and no other", () => {
    expect(slugs.toSorted()).toEqual(providers.all.map(({ slug }) => slug).toSorted());
  });

  test.each(slugs)("%s has the names of the skeleton and its listed own files", (slug) => {
    expect(problemsOf(slug, readdirSync(join(CRMS, slug)))).toEqual([]);
  });

  test("unlisted, missing and stale names are each reported", () => {
    const names = [...EVERYWHERE.filter((name) => name !== "notes.ts"), "shared-fields.ts"];
    expect(problemsOf("acme", names, { "soql.ts": "It has a query language." })).toEqual([
      "acme/shared-fields.ts is not a name of the skeleton",
      "acme/notes.ts is missing",
      "acme/soql.ts is listed as an own file but does not exist",
    ]);
  });

  test.each(providers.all.map((provider) => [provider.slug, provider] as const))(
    "%s has oauth.ts exactly with OAuth, and lead-map.ts exactly with leads",
    (slug, { authType, resources }) => {
      expect(existsSync(join(CRMS, slug, "oauth.ts"))).toBe(authType === "OAUTH2");
      expect(existsSync(join(CRMS, slug, "lead-map.ts"))).toBe(resources.lead !== undefined);
    },
  );

  test.each(slugs)("%s/index.ts only wires the other files together", (slug) => {
    expect(linesOf(join(CRMS, slug, "index.ts"))).toBeLessThanOrEqual(INDEX_LINES_MAX);
  });

  test("a name of the skeleton that no CRM uses is removed from it", () => {
    const used = new Set(slugs.flatMap((slug) => readdirSync(join(CRMS, slug))));
    expect(WHERE_NEEDED.filter((name) => !used.has(name))).toEqual([]);
  });

  test("every own file has a reason of one sentence", () => {
    const reasons = Object.values(OWN_FILES).flatMap((own) => Object.values(own));
    expect(reasons.filter((reason) => !/^[A-Z][^.]{30,}\.$/.test(reason))).toEqual([]);
  });
});

describe("docs/adding-a-provider.md", () => {
  const page = readFileSync(join(ROOT, "docs/adding-a-provider.md"), "utf8");

  test("its tables have exactly the files of the skeleton and the own files", () => {
    const section = page.slice(page.indexOf("## 2. The adapter"), page.indexOf("## 3. "));
    const rows = [...section.matchAll(/^\| `([a-z0-9/-]+\.ts)` +\|/gm)].map(([, name]) => name!);
    const own = Object.entries(OWN_FILES).flatMap(([slug, files]) =>
      Object.keys(files).map((name) => `${slug}/${name}`),
    );
    expect(rows.toSorted()).toEqual([...EVERYWHERE, ...WHERE_NEEDED, ...own].toSorted());
  });

  test("its count of names is the present one", () => {
    const { all, single } = countNames(readdirSync(CRMS).map((slug) => readdirSync(join(CRMS, slug))));
    expect(page).toMatch(new RegExp(`different file names over the CRM folders +\\| +68 +\\| +${all} +\\|`));
    expect(page).toMatch(new RegExp(`in one CRM only +\\| +45 +\\| +${single} +\\|`));
  });
});

describe("the length of source files", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));

  test("the files of all rooms are looked at", () => {
    expect(files.length).toBeGreaterThan(500);
    expect(files).toContain("providers/crm/odoo/index.ts");
  });

  test(`no file is longer than ${LINES_MAX} lines, except the listed ones`, () => {
    expect(files.filter((name) => linesOf(join(SRC, name)) > LINES_MAX).toSorted()).toEqual([]);
  });
});
