import type { Model } from "../model.js";
import { attendeeModel, eventModel } from "./event.js";
import { leadModel } from "./lead.js";
import { partnerModel } from "./partner.js";
import { REFERENCE_MODELS } from "./reference-data.js";
import { userModel } from "./user.js";

/** Every model of the database by name. */
export const MODELS: ReadonlyMap<string, Model> = new Map(
  [partnerModel, leadModel, eventModel, attendeeModel, userModel, ...REFERENCE_MODELS].map((model) => [
    model.name,
    model,
  ]),
);
