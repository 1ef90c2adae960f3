export interface Participant {
  status: "accepted" | "tentative" | "declined" | "pending";
  isOrganizer: boolean;
  email: string | null;
}

export interface LinkedRecord {
  objectSlug: string;
  objectId: string;
  recordId: string;
}

/** Milliseconds since the epoch; for an all-day meeting, UTC midnight of a day. The end is exclusive. */
export interface Meeting {
  id: string;
  title: string;
  description: string;
  start: number;
  end: number;
  isAllDay: boolean;
  timeZone: string | null;
  participants: readonly Participant[];
  links: readonly LinkedRecord[];
  createdAt: string;
}
