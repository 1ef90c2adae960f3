import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { edgesOfEach } from "../../kit/edges.js";
import type { Decoder } from "../../../upstream/answer-body.js";
import { activity, lead } from "./answers.js";
import { ACTIVITIES, LEADS, readAll } from "./api.js";
import { ID, isMeeting } from "./dialect.js";

/** Builds the edge to the records that refer to a person. */
const linked = <Item extends NativeRecord & { id: string | number }>(
  path: string,
  item: Decoder<Item>,
  complete: boolean,
  isOne: (context: ProviderContext, native: NativeRecord) => boolean = () => true,
) =>
  edgesOfEach(
    (id) => ID.test(id),
    async (context, id) => {
      const natives = await readAll(context, path, { person_id: id }, item);
      return {
        ids: natives.filter((native) => isOne(context, native)).map((native) => String(native.id)),
        complete,
      };
    },
  );

/** Pipedrive finds activities only by their primary participant, so a contact may have more meetings. */
export const contactMeetings = linked(ACTIVITIES, activity, false, isMeeting);
export const contactLeads = linked(LEADS, lead, true);
