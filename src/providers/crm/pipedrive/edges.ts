import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { edgesOfEach } from "../../kit/edges.js";
import { ACTIVITIES, LEADS, readAll } from "./api.js";
import { ID, isMeeting } from "./dialect.js";

/** Builds the edge to the records that refer to a person. */
const linked = (
  path: string,
  complete: boolean,
  isOne: (context: ProviderContext, native: NativeRecord) => boolean = () => true,
) =>
  edgesOfEach(
    (id) => ID.test(id),
    async (context, id) => {
      const natives = await readAll(context, path, { person_id: id });
      return {
        ids: natives.filter((native) => isOne(context, native)).map((native) => String(native["id"])),
        complete,
      };
    },
  );

/** Pipedrive finds activities only by their primary participant, so a contact may have more meetings. */
export const contactMeetings = linked(ACTIVITIES, false, isMeeting);
export const contactLeads = linked(LEADS, true);
