import type { ApiVersion } from "./contract/api-version.js";
import type { Provider } from "./contract/contract.js";

/** The ends of API versions are announced this many days before. */
export const NOTICE_DAYS = 120;

const DAY_MS = 86_400_000;

/** A version of a CRM's API whose support ends soon, or has ended. */
export interface EndingVersion {
  provider: Provider;
  version: ApiVersion & { readonly supportedUntil: string };
  /** Whole days from the given day to the end. Negative after the end. */
  daysLeft: number;
}

/**
 * Finds the API versions in use whose support ends within NOTICE_DAYS, or has ended. The first to end comes first.
 * @param day a day in UTC, as `YYYY-MM-DD`
 */
export function endingVersions(providers: readonly Provider[], day: string): EndingVersion[] {
  return providers
    .flatMap((provider) =>
      provider.apiVersions.flatMap((version): EndingVersion[] => {
        if (!hasEnd(version)) return [];
        return [{ provider, version, daysLeft: daysBetween(day, version.supportedUntil) }];
      }),
    )
    .filter(({ daysLeft }) => daysLeft <= NOTICE_DAYS)
    .sort((one, other) => one.daysLeft - other.daysLeft);
}

/** Such as `HubSpot: support for v4 ends on 2027-03-30, in 120 days.` */
export function endingText({ provider, version, daysLeft }: EndingVersion): string {
  const { name, supportedUntil } = version;
  if (daysLeft < 0) return `${provider.name}: support for ${name} ended on ${supportedUntil}.`;
  return `${provider.name}: support for ${name} ends on ${supportedUntil}, in ${daysLeft} ${daysLeft === 1 ? "day" : "days"}.`;
}

/** The same for the log. */
export function endingFacts({ provider, version, daysLeft }: EndingVersion) {
  const { name: apiVersion, supportedUntil, source } = version;
  return { provider: provider.slug, apiVersion, supportedUntil, daysLeft, source };
}

/** The day in UTC, as `YYYY-MM-DD`, of a time in milliseconds since the epoch. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The version at whose paths a path lies. Undefined if no version has the path. */
export function versionOf(versions: readonly ApiVersion[], path: string): ApiVersion | undefined {
  return versions.find(({ paths }) => paths.some((start) => path === start || path.startsWith(`${start}/`)));
}

function hasEnd(version: ApiVersion): version is EndingVersion["version"] {
  return version.supportedUntil !== null;
}

/** A day without a time is midnight in UTC, so no zone and no summer time changes the difference. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
