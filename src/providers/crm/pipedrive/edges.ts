import type { EdgeLoader, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { ACTIVITIES, LEADS, readAll } from "./api.js";
import { ID, isMeeting } from "./dialect.js";

/** The records that name a person. */
function linked(
  path: string,
  complete: boolean,
  isOne: (context: ProviderContext, native: NativeRecord) => boolean = () => true,
): EdgeLoader {
  return {
    batchSize: 1,
    async load(context, nativeIds) {
      const entries = nativeIds
        .filter((id) => ID.test(id))
        .map(async (id) => {
          const natives = await readAll(context, path, { person_id: id });
          const ids = natives.filter((native) => isOne(context, native)).map((native) => String(native["id"]));
          return [id, { ids, complete }] as const;
        });
      return new Map(await Promise.all(entries));
    },
  };
}

/** Pipedrive finds activities by their primary participant alone, so a contact may have more meetings. */
export const contactMeetings = linked(ACTIVITIES, false, isMeeting);
export const contactLeads = linked(LEADS, true);
