import { isNarrow } from "../../kit/account-kinds.js";
import type { Json } from "./data.js";
import type { Model, Session } from "./model.js";
import { RpcError } from "./rpc-error.js";

/** Fields that the users of a narrow database may not use, because they are in none of the fields' groups. */
const HIDDEN: Readonly<Record<string, ReadonlySet<string>>> = {
  "res.partner": new Set(["phone", "website"]),
  "crm.lead": new Set(["email_from", "partner_name"]),
  "calendar.event": new Set(["location"]),
};

const NONE: ReadonlySet<string> = new Set();

function hiddenFields(model: Model, { database }: Session): ReadonlySet<string> {
  return isNarrow(database.name) ? (HIDDEN[model.name] ?? NONE) : NONE;
}

/** The model as the user of the call sees it: `fields_get` and a read without names leave out hidden fields. */
export function seenBy(session: Session, model: Model): Model {
  const hidden = hiddenFields(model, session);
  return hidden.size === 0
    ? model
    : { ...model, fields: new Map([...model.fields].filter(([name]) => !hidden.has(name))) };
}

/**
 * Refuses a call that names a hidden field. Source: addons/base/tests/test_acl.py of odoo/odoo; the words differ between 18
 * and 19.
 */
export function refuseHidden(
  session: Session,
  model: Model,
  names: Iterable<Json>,
  operation: "read" | "write" = "read",
): void {
  const hidden = hiddenFields(model, session);
  const refused = [...names].filter((name): name is string => typeof name === "string" && hidden.has(name));
  if (refused.length === 0) return;
  throw new RpcError("odoo.exceptions.AccessError", session.wordsForHidden(model, refused, operation));
}
