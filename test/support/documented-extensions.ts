import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const PAGE = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");

/** The JSON schema of `extensions` as docs/errors.md prints it. */
export const DOCUMENTED_SCHEMA = JSON.parse(/```json\n(\{\n {2}"\$schema"[^`]*)```/.exec(PAGE)![1]!) as {
  properties: Record<string, object>;
};

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const open = ajv.compile(DOCUMENTED_SCHEMA);
const closed = ajv.compile({ ...DOCUMENTED_SCHEMA, unevaluatedProperties: false });

/**
 * What in the extensions of an error is not as docs/errors.md describes it. Empty if all is.
 * @param further `refused`: members that the page does not describe are problems too
 */
export function undocumentedIn(extensions: unknown, further: "allowed" | "refused" = "refused"): string[] {
  const validate = further === "allowed" ? open : closed;
  if (validate(extensions)) return [];
  return validate.errors!.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
