import type { StatedRateLimit, UpstreamResponse } from "../../../upstream/request.js";
import { statedNumber } from "../../../upstream/stated.js";
import { membersOf } from "../../kit/answer.js";
import { classifier } from "../../kit/classifier.js";
import { PROVIDER_NAME } from "./dialect.js";

const TEXT_MAX = 200;

/** Close has no error codes. crmesh shows only Close's texts about fields. */
export const classify = classifier({
  providerName: PROVIDER_NAME,
  limitedS: 5,
  fault(body, response) {
    const { error, rate_reset: reset, "field-errors": fields } = membersOf(body);
    if (response.status === 402) {
      return { verdict: "PERMISSION", detail: "The Close account has reached a limit of its plan." };
    }
    if (response.status === 429) {
      // Close states the wait more precisely in its header `RateLimit` than in Retry-After. The value in the body is
      // obsolete.
      const stated = statedIn(response, "reset") || statedNumber(reset ?? membersOf(error)["rate_reset"]);
      return stated ? { retryAfter: stated } : {};
    }
    return { errors: Object.fromEntries(faultsIn(fields)) };
  },
});

/**
 * Collects the faults of all fields. A field with inner fields has a list of its own faults, and contains the faults of
 * its inner fields in the same form.
 */
function faultsIn(fields: unknown, path: readonly string[] = []): [string, string][] {
  return Object.entries(membersOf(fields)).flatMap(([name, fault]) => {
    const inside = [...path, name];
    const { errors, "field-errors": nested } = membersOf(fault);
    const texts = [typeof fault === "string" || Array.isArray(fault) ? fault : errors].flat();
    const own = texts
      .filter((text) => typeof text === "string")
      .map((text): [string, string] => [nameOf(inside), textOf(inside, text)]);
    return [...own, ...faultsIn(nested ?? (errors === undefined ? fault : null), inside)];
  });
}

/**
 * Returns the name of the field at a path. The parts of a contact inside a lead are separate fields. Positions in lists
 * are omitted.
 */
function nameOf(path: readonly string[]): string {
  const names = path.filter((part) => !/^\d+$/.test(part));
  return names[0] === "contacts" && names[1] ? `contacts.${names[1]}` : names[0]!;
}

function textOf(path: readonly string[], text: string): string {
  return `Close: ${text.slice(0, TEXT_MAX)}${path.length > 1 ? ` (${path.join(".")})` : ""}`;
}

/**
 * Reads the header `RateLimit: limit=100, remaining=50, reset=5`. `reset` is the remaining time of the window and not
 * its length.
 */
export function rateLimit(response: UpstreamResponse): StatedRateLimit | undefined {
  const limit = statedIn(response, "limit");
  return limit ? { limit, remaining: statedIn(response, "remaining") ?? null, windowMs: null } : undefined;
}

function statedIn({ headers }: UpstreamResponse, name: string): number | undefined {
  const stated = new RegExp(`(?:^|[\\s,;])${name}=([^\\s,;]+)`).exec(String(headers["ratelimit"] ?? ""))?.[1];
  return statedNumber(stated);
}
