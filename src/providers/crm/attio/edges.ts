import type { EdgeLoader, ProviderContext } from "../../contract/contract.js";
import { absentIfNotFound, allPages } from "../../kit/adapter-kit.js";
import { isId, meetingId, meetingPage, MEETINGS_MAX } from "./api.js";

/** The meetings that a person is linked with. */
export const contactMeetings: EdgeLoader = {
  batchSize: 1,
  async load(context, nativeIds) {
    const linked = async (id: string) => [id, { ids: await linkedWith(context, id), complete: true }] as const;
    return new Map(await Promise.all(nativeIds.filter(isId).map(linked)));
  },
};

async function linkedWith(context: ProviderContext, id: string): Promise<string[]> {
  const query = { linked_object: "people", linked_record_id: id, limit: MEETINGS_MAX };
  const linked = await absentIfNotFound(() => allPages((cursor) => meetingPage(context, query, cursor)));
  return (linked ?? []).map(meetingId);
}
