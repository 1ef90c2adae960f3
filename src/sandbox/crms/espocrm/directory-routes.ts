import type { FastifyInstance } from "fastify";
import { writeJson } from "../../kit/json.js";
import { accessOf, type Access } from "./access.js";
import type { Database } from "./database.js";
import { CUSTOM_LABELS, ENTITY_TYPES, GLOBAL_LABELS, fieldsOf, type FieldDefs } from "./entity-defs.js";
import { EspoError } from "./errors.js";
import { fieldTableOf } from "./field-access.js";
import { parseQuery } from "./query.js";
import { singleView } from "./record-view.js";

type Route = (path: string, answer: (access: Access, url: string) => unknown) => void;

/** The current user, the definitions of fields, and their labels. */
export function addDirectoryRoutes(app: FastifyInstance): void {
  const get: Route = (path, answer) =>
    app.get(path, async (request, reply) => reply.send(writeJson(answer(accessOf(request), request.url))));

  get("/App/user", ({ database, caller }) => {
    const user = singleView(database, "User", database.find("User", caller.id)!);
    return {
      user,
      acl: { table: {}, fieldTable: fieldTableOf(database, caller) },
      preferences: {},
      token: null,
      settings: {},
      language: "en_US",
      appParams: {},
    };
  });

  get("/Metadata", ({ database }, url) => {
    const key = parseQuery(url)["key"];
    const path = typeof key === "string" && key !== "" ? key.split(".") : [];
    const metadata = {
      entityDefs: Object.fromEntries(ENTITY_TYPES.map((type) => [type, { fields: shownFields(type, database) }])),
    };
    let part: unknown = metadata;
    for (const name of path) part = (part as Record<string, unknown> | undefined)?.[name];
    if (part === undefined) throw new EspoError(404);
    return part;
  });

  get("/I18n", ({ database }) => {
    const { salutationName } = fieldsOf("Contact", database);
    return {
      Global: { fields: GLOBAL_LABELS, options: { salutationName: optionTexts(salutationName!) } },
      ...Object.fromEntries(ENTITY_TYPES.map((type) => [type, textsOf(Object.entries(fieldsOf(type, database)))])),
    };
  });
}

function textsOf(fields: readonly (readonly [string, FieldDefs])[]) {
  const own = fields.filter(([name]) => !(name in GLOBAL_LABELS));
  return {
    fields: Object.fromEntries(own.map(([name]) => [name, labelOf(name)])),
    options: Object.fromEntries(own.flatMap(([name, defs]) => (defs.options ? [[name, optionTexts(defs)]] : []))),
  };
}

function optionTexts({ options = [] }: FieldDefs): object {
  return Object.fromEntries(options.map((one) => [one, one]));
}

/** The fields as the metadata shows them, without the entity at the other end of a link. */
function shownFields(type: (typeof ENTITY_TYPES)[number], database: Database): object {
  return Object.fromEntries(
    Object.entries(fieldsOf(type, database)).map(([name, { entity: _entity, ...defs }]) => [name, defs]),
  );
}

function labelOf(name: string): string {
  return (
    CUSTOM_LABELS[name] ??
    name.replace(/^./, (first) => first.toUpperCase()).replace(/[A-Z]/g, (letter, at) => (at ? ` ${letter}` : letter))
  );
}
