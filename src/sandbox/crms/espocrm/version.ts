import { EspoError } from "./errors.js";

/** A version of EspoCRM, as far as versions differ for callers of the API. Source: recorded from EspoCRM 8.4.2 and 9.2.7. */
export interface EspoVersion {
  readonly name: string;
  /** Fields that later versions have, as `Meeting.joinUrl`. */
  readonly lacks: ReadonlySet<string>;
  /** The refusal of a condition or an order that the user may not use. */
  forbidden(reason: string): EspoError;
  /** Whether a condition with ids of linked records is refused if one of these records does not exist. */
  readonly checksLinked: boolean;
  /** Whether a list can be ordered by a field that the user may not read. */
  readonly ordersByHidden: boolean;
  /** Whether the answer to a create has the name of a person who has only a first name or only a last name. */
  readonly answersPartOfName: boolean;
  /** Whether the answer to a create has the primary address and number beside the written lists of them. */
  readonly answersPrimary: boolean;
  /** Whether the condition `in` with e-mail addresses ends the call with an error of the server. */
  readonly failsAtAddresses: boolean;
}

export const ESPO_8: EspoVersion = {
  name: "8.4",
  lacks: new Set([
    "Contact.streamUpdatedAt",
    "Lead.streamUpdatedAt",
    "Meeting.streamUpdatedAt",
    "Meeting.joinUrl",
    "Meeting.uid",
  ]),
  forbidden: (reason) => new EspoError(403, reason),
  checksLinked: false,
  ordersByHidden: true,
  answersPartOfName: true,
  answersPrimary: false,
  failsAtAddresses: true,
};

export const ESPO_9: EspoVersion = {
  name: "9.2",
  lacks: new Set(),
  // It says the reason twice.
  forbidden: (reason) => new EspoError(400, `${reason} ${reason}`),
  checksLinked: true,
  ordersByHidden: false,
  answersPartOfName: false,
  answersPrimary: true,
  failsAtAddresses: false,
};
