import type { UpstreamRequest, UpstreamResponse, UpstreamTraits } from "../../upstream/request.js";
import type { CredentialField } from "./credential-field.js";
import type { FieldMap } from "./field-map.js";
import type { OrderBy, ResourceFilters, ResourceInputs } from "./input.js";
import type { EdgeName, Owner, ResourceName, UnifiedRecord } from "./model.js";
import type { OAuthDefinition } from "./oauth.js";
import type { Selection } from "./selection.js";

/** A request as an adapter states it; the connection adds origin and credential. */
export interface AdapterRequest extends Omit<UpstreamRequest, "url"> {
  /** Begins with a slash. */
  path: string;
  /** Entries that are undefined are left out; a list repeats its name. */
  query?: Record<string, string | number | readonly string[] | undefined>;
}

/**
 * The fields of a connection's credential: those that `credentialFields` names and whatever was derived from them, or
 * what an OAuth grant gave: `accessToken`, `refreshToken`, `expiresAt` (ISO 8601), `authorizationServer` (an id) and
 * the definition's `answerFields`.
 */
export type Credentials = Readonly<Record<string, string>>;

/** What an adapter works with: one authorised connection. */
export interface ProviderContext {
  /** Scheme, host and port that the calls go to. */
  readonly origin: string;
  /** @throws CrmError of what the CRM answered, or did not. */
  send(request: AdapterRequest): Promise<UpstreamResponse>;
  /** What the operator chose for one of the provider's `settings`, or its default. */
  setting(name: string): string;
  /**
   * Keeps what rarely changes at the CRM (definitions, pipelines) for some minutes per connection.
   * @param load reads through the context that it is given, because several callers share it: one through the caller's
   *   own context would end when that caller leaves
   */
  memo<Value>(key: string, load: (context: ProviderContext) => Promise<Value>): Promise<Value>;
}

/** The same for proving and renewing a credential: nothing is added to the requests. */
export interface CredentialExchange {
  readonly origin: string;
  /** @throws CrmError of what the CRM answered, or did not. */
  send(request: AdapterRequest): Promise<UpstreamResponse>;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface ListQuery<Resource extends ResourceName = ResourceName> {
  filter: ResourceFilters[Resource];
  orderBy: OrderBy<Resource> | null;
  /** At most this many records; fewer does not mean that there are no more. */
  limit: number;
  /** What `next` said, or null for the beginning. */
  cursor: string | null;
  select: Selection;
}

export interface Page<Resource extends ResourceName = ResourceName> {
  records: UnifiedRecord<Resource>[];
  /** Where the next page begins; null at the end. */
  next: string | null;
  /** Set where the CRM stops before the real end of the listing. */
  cap: { records: number; reason: string } | null;
}

/** The other ends of one record's edge. */
export interface EdgeIds {
  ids: readonly string[];
  /** False where the CRM names only the first of them. */
  complete: boolean;
}

export interface EdgeLoader {
  /** Most records whose edges one call can read. */
  batchSize: number;
  /** Native id → the ids at the other end; a missing entry means none. */
  load(context: ProviderContext, nativeIds: readonly string[]): Promise<ReadonlyMap<string, EdgeIds>>;
}

/** One resource at one CRM. An absent operation is one the CRM does not have. */
export interface ResourceAdapter<Resource extends ResourceName = ResourceName> {
  readonly map: FieldMap<Resource>;
  /** Most ids that `get` takes at once. */
  batchSize(select: Selection): number;
  list(context: ProviderContext, query: ListQuery<Resource>): Promise<Page<Resource>>;
  /** Keyed by the ids that were asked for; an id without an entry does not exist at the CRM. */
  get(
    context: ProviderContext,
    nativeIds: readonly string[],
    select: Selection,
  ): Promise<ReadonlyMap<string, UnifiedRecord<Resource>>>;
  /** Resolves to the new record's native id. */
  create?(context: ProviderContext, input: ResourceInputs[Resource]): Promise<string>;
  /** @throws CrmError with the resource's NOT_FOUND code when there is no such record. */
  update?(context: ProviderContext, nativeId: string, input: ResourceInputs[Resource]): Promise<void>;
  /** @throws CrmError with the resource's NOT_FOUND code when there is no such record. */
  delete?(context: ProviderContext, nativeId: string): Promise<void>;
  readonly edges: { readonly [Edge in EdgeName<Resource>]?: EdgeLoader };
}

export type { CredentialField };

export type AuthType = "OAUTH2" | "API_KEY";

/** A request limit the vendor documents. */
export interface DocumentedLimit {
  description: string;
  requests: number;
  perSeconds: number;
}

/** A choice that the operator makes for all connections to a provider: `CRMESH_<SLUG>_<variable>`. */
export interface ProviderSetting {
  name: string;
  /** The end of the variable's name, in capitals. */
  variable: string;
  description: string;
  default: string;
}

/** What the documentation says of a provider beside its field maps. */
export interface ProviderNotes {
  /** What has to be done at the vendor before anybody can connect, step by step. */
  setup: readonly string[];
  /** What users must know to work with it. */
  quirks: readonly string[];
  /** What the adapter does without having been able to prove it against the vendor's own words or servers. */
  unverified: readonly string[];
}

/** One CRM: everything crmesh knows of it. */
export interface Provider {
  readonly slug: string;
  readonly name: string;
  readonly authType: AuthType;
  /** How end users give consent, and tokens are renewed and revoked; present exactly where `authType` is OAUTH2. */
  readonly oauth?: OAuthDefinition;
  /** What a caller, or an end user without OAuth, hands over to connect. */
  readonly credentialFields: readonly CredentialField[];
  readonly limits: readonly DocumentedLimit[];
  readonly settings?: readonly ProviderSetting[];
  readonly notes: ProviderNotes;
  readonly traits: UpstreamTraits;
  /**
   * Where the API of this credential is; `override` is the operator's replacement.
   * @throws CrmError INVALID_INPUT when the credential names no usable address
   */
  origin(credentials: Credentials, override: string | undefined): string;
  /** Adds the credential to a request: a header, or what the CRM's protocol wants. Never to the URL. */
  authorize(request: AdapterRequest, credentials: Credentials): AdapterRequest;
  /**
   * Proves the credential with one cheap call.
   * @throws CrmError PROVIDER_AUTH_FAILED with the CRM's reason when it is refused
   */
  verify(
    exchange: CredentialExchange,
    credentials: Credentials,
  ): Promise<{ accountName: string | null; credentials: Credentials }>;
  /**
   * Where there is no OAuth: a fresh credential in place of one that the CRM refuses; null when there is nothing to
   * renew it with. Absent where a credential is good until it is withdrawn.
   * @throws CrmError NEEDS_REAUTH when the CRM refuses to renew it
   */
  renew?(exchange: CredentialExchange, credentials: Credentials): Promise<Credentials | null>;
  readonly resources: { readonly [Resource in ResourceName]?: ResourceAdapter<Resource> };
  readonly owners: {
    batchSize: number;
    load(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, Owner>>;
  };
}
