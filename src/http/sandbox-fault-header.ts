import { CrmError, invalidInput } from "../errors/crm-error.js";
import type { Environment } from "../store/schema.js";

export const SANDBOX_FAULT_HEADER = "x-sandbox-fault";
const NAME = "X-Sandbox-Fault";

/**
 * Reads `X-Sandbox-Fault: hubspot=PROVIDER_RATE_LIMITED, odoo=TIMEOUT`.
 * @throws CrmError INVALID_INPUT for a live key, an unknown provider or an unknown fault. SERVICE_UNAVAILABLE if no faults
 * are known, because the sandbox is off.
 */
export function sandboxFaultsOf(
  header: string | string[] | undefined,
  environment: Environment,
  known: { faults: readonly string[]; hasProvider(slug: string): boolean },
): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const text = Array.isArray(header) ? header.join(",") : header;
  if (text === undefined) return faults;
  if (environment === "live")
    throw invalidInput({
      [NAME]: "This header works only with test keys (sk_test_…), because only they use the sandbox.",
    });
  if (known.faults.length === 0) {
    throw new CrmError("SERVICE_UNAVAILABLE", {
      detail: "The sandbox CRMs are switched off. The operator can switch them on with CRMESH_SANDBOX=on.",
    });
  }
  for (const part of text.split(",")) {
    const [slug, fault, ...rest] = part.split("=").map((word) => word.trim());
    if (!slug || !fault || rest.length > 0)
      throw invalidInput({ [NAME]: "Expected provider=FAULT, or several of these separated by commas." });
    if (!known.hasProvider(slug))
      throw invalidInput({
        [NAME]: "The provider in this header does not exist. The `providers` query lists the slugs.",
      });
    if (!known.faults.includes(fault))
      throw invalidInput({ [NAME]: `The fault in this header does not exist. Use one of ${known.faults.join(", ")}.` });
    faults.set(slug, fault);
  }
  return faults;
}
