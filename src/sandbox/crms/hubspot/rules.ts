import type { HubSpotAccount } from "./account.js";
import type { ApiVersion } from "./api-version.js";
import { type RuleFault, missingByRules, validationError } from "./errors.js";
import type { ObjectType } from "./object-types.js";

type Values = Readonly<Record<string, string>>;

interface ConditionalRule {
  readonly when: { readonly property: string; readonly is: string };
  readonly required: string;
}

/** The rules of an administrator for one type of object. HubSpot has pages for them, and no API. */
interface TypeRules {
  /** The properties that the form for new records requires. */
  readonly created: readonly string[];
  readonly conditional: readonly ConditionalRule[];
}

/** The rules of a portal. */
export interface PortalRules {
  readonly ofType: Readonly<Record<string, TypeRules>>;
  /** Whether the user of the app has the permission to associate records. */
  readonly mayLink: boolean;
}

const NO_RULES: PortalRules = { ofType: {}, mayLink: true };

const RULES: PortalRules["ofType"] = {
  contacts: {
    created: ["phone", "crmesh_note"],
    conditional: [{ when: { property: "lifecyclestage", is: "customer" }, required: "jobtitle" }],
  },
  leads: {
    created: ["hs_lead_label"],
    conditional: [{ when: { property: "hs_lead_label", is: "HOT" }, required: "crmesh_score" }],
  },
  meetings: {
    created: ["hs_meeting_location"],
    conditional: [{ when: { property: "hs_meeting_outcome", is: "COMPLETED" }, required: "hs_internal_meeting_notes" }],
  },
};

/** Portals whose name begins with `ruled` have rules. In `ruled-links…`, the user may not associate records, either. */
export function rulesOf(portal: string): PortalRules {
  return portal.startsWith("ruled") ? { ofType: RULES, mayLink: !portal.startsWith("ruled-links") } : NO_RULES;
}

/** Refuses a write after which the record breaks a rule. */
export function refuseBreach(
  account: HubSpotAccount,
  { enforcesRules }: ApiVersion,
  type: ObjectType,
  { after, isNew }: { after: Values; isNew: boolean },
): void {
  const rules = enforcesRules ? account.rules.ofType[type.plural] : undefined;
  if (!rules) return;
  const isMissing = (name: string) => after[name] === undefined;
  const faults: RuleFault[] = [
    ...(isNew ? rules.created : []).filter(isMissing).map((name) => ({
      code: "MISSING_REQUIRED_PROPERTY",
      message: `A value for ${name} must be provided`,
      name,
    })),
    ...rules.conditional
      .filter(({ when, required }) => after[when.property] === when.is && isMissing(required))
      .map(({ when, required }) => ({
        code: "MISSING_CONDITIONAL_REQUIRED_PROPERTY",
        message: `${required} is required because of a conditional property rule based on [${when.property}]`,
        name: required,
      })),
  ];
  if (faults.length > 0) throw missingByRules(faults);
}

/** Refuses a change of associations by a user without the permission. HubSpot answers 400, not 403. */
export function refuseLinking({ rules }: HubSpotAccount, { enforcesRules }: ApiVersion): void {
  if (enforcesRules && !rules.mayLink) throw validationError("Missing 'Edit Associations' permission.");
}
