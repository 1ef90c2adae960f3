import type { RateRule } from "../../upstream/request.js";
import type { Provider, ProviderContext, ProviderSetting } from "../contract/contract.js";

/** The name of the setting. */
const CALLS_PER_MINUTE = "callsPerMinute";
const MINUTE_MS = 60_000;

/**
 * The pace of calls to servers whose operators set the limits. crmesh then waits, where the server would refuse.
 * @param standard the calls per minute of the CRM's standard configuration; 0 if it has no limit
 */
export function ownServerPace(
  standard: number,
  more: Pick<RateRule, "isBucket"> = {},
): { setting: ProviderSetting; rateRules: NonNullable<Provider["rateRules"]> } {
  return {
    setting: {
      name: CALLS_PER_MINUTE,
      variable: "CALLS_PER_MINUTE",
      description:
        "The calls per account and minute that the servers of end users allow; 0: crmesh does not pace its calls",
      default: String(standard),
    },
    rateRules: (setting: ProviderContext["setting"]) => {
      const requests = Math.floor(Number(setting(CALLS_PER_MINUTE)));
      return requests >= 1 ? [{ requests, perMs: MINUTE_MS, ...more }] : [];
    },
  };
}
