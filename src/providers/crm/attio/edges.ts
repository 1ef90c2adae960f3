import { absentIfNotFound, allPages } from "../../kit/adapter-kit.js";
import { edgesOfEach } from "../../kit/edges.js";
import { isId } from "./answers.js";
import { meetingId, meetingPage, MEETINGS_MAX } from "./api.js";

/** The meetings that are linked with a person. */
export const contactMeetings = edgesOfEach(isId, async (context, id) => {
  const query = { linked_object: "people", linked_record_id: id, limit: MEETINGS_MAX };
  const linked = await absentIfNotFound(() => allPages((cursor) => meetingPage(context, query, cursor)));
  return { ids: (linked ?? []).map(meetingId), complete: true };
});
