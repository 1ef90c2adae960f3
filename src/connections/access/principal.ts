import { CrmError } from "../../errors/crm-error.js";
import type { Environment } from "../../store/schema.js";

/** The permissions that an API key can have. */
export const SCOPES = [
  "contacts:read",
  "contacts:write",
  "leads:read",
  "leads:write",
  "meetings:read",
  "meetings:write",
  "connections:read",
  "connections:write",
  "endusers:read",
  "endusers:write",
  "raw:read",
] as const;
export type Scope = (typeof SCOPES)[number];

/** The scopes of a key by default: all except access to the CRMs' native records. */
export const DEFAULT_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== "raw:read");

/** The owner of data. Nothing crosses from one workspace or environment to another. */
export interface Tenant {
  workspaceId: string;
  environment: Environment;
}

/** The caller: an API key with its tenant and its permissions. */
export interface Principal extends Tenant {
  keyId: string;
  scopes: ReadonlySet<string>;
  /** The most upstream calls that one operation of the key may cost. Null: the operator's limit. */
  maxCalls: number | null;
}

/** @throws CrmError FORBIDDEN naming the scope that the key lacks */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.has(scope))
    throw new CrmError("FORBIDDEN", { detail: `The API key does not have the scope ${scope}. Use a key that has it.` });
}
