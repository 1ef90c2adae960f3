import { formatDateTime } from "../date-times.js";
import type { Method, MethodCall } from "../model.js";

/** What a client can do with leads besides reading and writing them. */
export const LEAD_METHODS: Record<string, Method> = {
  convert_opportunity: {
    onRecords: true,
    parameters: [{ name: "partner" }, { name: "user_ids", default: false }, { name: "team_id", default: false }],
    run: convert,
  },
};

/** Lost and won leads stay as they are. Without a partner, the lead loses the one it had. */
function convert({ session, model, ids, argument }: MethodCall): boolean {
  const partner = argument("partner");
  const date_conversion = formatDateTime(session.now);
  const open = ids.filter((id) => {
    const lead = session.database.get(model.name, id);
    return lead === undefined || (lead["active"] === true && lead["probability"] !== 100);
  });
  session.write(model, open, { type: "opportunity", date_conversion, partner_id: partner || false });
  return true;
}
