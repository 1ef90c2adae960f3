import type { ProviderContext } from "../../contract/contract.js";
import { inputPath } from "../../mapping/write-record.js";
import { readText, writeReferences } from "./dialect.js";
import { isText } from "./query.js";
import { searchRead, type OdooRecord } from "./search-read.js";
import type { WriteStep } from "./write-steps.js";

/** Records that callers know by their names: tags, sources and stages. Names are looked up, records are never made. */

/** Puts the ids of tags in the place of their names. */
export function tagsByName(field: string, model: string): WriteStep {
  return async (context, { native, problems }) => {
    const names = native[field] as string[] | undefined;
    if (names === undefined) return;
    const found =
      names.length === 0 ? [] : await searchRead(context, model, [["name", "in", names]], { fields: ["name"] });
    const ids = names.map((name, index) => {
      const id = found.find((tag) => tag["name"] === name)?.id;
      if (id === undefined) problems[inputPath("tags", String(index))] = "Odoo has no tag of this name.";
      return id ?? false;
    });
    native[field] = writeReferences([...new Set(ids)]);
  };
}

/** Puts the id of a lead's source in the place of its name. */
export const sourceByName: WriteStep = async (context, { native, problems }) => {
  const name = native["source_id"];
  if (typeof name !== "string") return;
  const [found] = await searchRead(context, "utm.source", [isText("name", name)], { fields: ["id"], limit: 1 });
  if (found) native["source_id"] = found.id;
  else problems[inputPath("source")] = "Odoo has no source of this name.";
};

/** Puts the id of a lead's stage in the place of its name. Of stages with the same name, the first in order is meant. */
export const stageByName: WriteStep<{ rawStatus?: string | null | undefined }> = async (
  context,
  { input, native, problems },
) => {
  const name = native["stage_id"];
  if (typeof name !== "string") return;
  const stages = await stagesOf(context);
  const found = stages.find((stage) => readText(stage["name"])?.toLowerCase() === name.toLowerCase());
  if (found) native["stage_id"] = found.id;
  else {
    const names = stages.map((stage) => readText(stage["name"])).join(", ");
    problems[inputPath(input.rawStatus ? "rawStatus" : "status")] =
      `Odoo has no stage “${name}”; it has ${names}. Give one of them as rawStatus.`;
  }
};

function stagesOf(caller: ProviderContext): Promise<OdooRecord[]> {
  return caller.memo("odoo stages", (context) =>
    searchRead(context, "crm.stage", [], { fields: ["name"], order: "sequence, id" }),
  );
}
