import type { RateRule, UpstreamRequest, UpstreamResponse, UpstreamTraits } from "../../upstream/request.js";
import type { Columns } from "./columns.js";
import type { ApiVersion } from "./api-version.js";
import type { ProviderCost, ResourceCost } from "./cost.js";
import type { CredentialField } from "./credential-field.js";
import type { CustomFieldDefinition, FieldMap } from "./field-map.js";
import type { ResourceInputs } from "./input.js";
import type { ListQuery } from "./list-query.js";
import type { EdgeName, Owner, ResourceName, UnifiedRecord } from "./model.js";
import type { OAuthDefinition } from "./oauth.js";
import type { Selection } from "./selection.js";

/** A request of an adapter. The connection adds the origin and the credential. */
export interface AdapterRequest extends Omit<UpstreamRequest, "url"> {
  /** Begins with a slash. */
  path: string;
  /** Undefined entries are omitted. A list becomes one parameter for each item. */
  query?: Record<string, string | number | readonly string[] | undefined>;
}

/**
 * The fields of a connection's credential. Without OAuth, these are the fields of `credentialFields` and values derived
 * from them. With OAuth, they are `accessToken`, `refreshToken`, `expiresAt` (ISO 8601), `authorizationServer` (an id)
 * and the definition's `answerFields`.
 */
export type Credentials = Readonly<Record<string, string>>;

/** One authorised CRM connection, as an adapter uses it. */
export interface ProviderContext {
  /** Scheme, host and port of the CRM, and the path below which it is, without a slash at the end. */
  readonly origin: string;
  /** The CRM's own address, in the same form, if calls go through another one, such as a proxy of the operator. */
  readonly pages?: string | undefined;
  /** @throws CrmError if the CRM answers with an error, or not at all */
  send: (request: AdapterRequest) => Promise<UpstreamResponse>;
  /** The operator's value of one of the provider's `settings`, or its default. */
  setting(name: string): string;
  /**
   * Caches data that rarely changes at the CRM (definitions, pipelines) for some minutes per connection.
   * @param load must read through the context that it receives. Several callers share the load; a read through a
   *   caller's own context would end when that caller leaves
   */
  memo<Value>(key: string, load: (context: ProviderContext) => Promise<Value>): Promise<Value>;
  /** Drops what `memo` has cached, because it seems to have changed at the CRM. The next `memo` loads it again. */
  forget(key: string): void;
}

/** Sends the calls that verify or renew a credential. It adds no credential to the requests. */
export interface CredentialExchange {
  readonly origin: string;
  /** @throws CrmError if the CRM answers with an error, or not at all */
  send(request: AdapterRequest): Promise<UpstreamResponse>;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Page<Resource extends ResourceName = ResourceName> {
  records: UnifiedRecord<Resource>[];
  /** Cursor of the next page. Null on the last page. */
  next: string | null;
  /** Set if the CRM stops before the real end of the list. */
  cap: { records: number; reason: string } | null;
  /** What the CRM leaves out of the whole list, wherever the list is read. Absent if it leaves out nothing. */
  omits?: string | undefined;
  /**
   * Returns the cursor behind a record of this page, by its native id. Null if the CRM can go on only behind whole pages
   * there. Absent if it always does.
   */
  after?: ((nativeId: string) => string | null) | undefined;
}

/** The ids at the other end of one record's edge. */
export interface EdgeIds {
  ids: readonly string[];
  /** False if the CRM returns only the first ids. */
  complete: boolean;
}

export interface EdgeLoader {
  /** Maximum number of records whose edges one call can read. */
  batchSize: number;
  /** Native id → the ids at the other end; a missing entry means none. */
  load(context: ProviderContext, nativeIds: readonly string[]): Promise<ReadonlyMap<string, EdgeIds>>;
}

/** The records that one e-mail address finds. */
export interface EmailMatches<Resource extends ResourceName = ResourceName> {
  /** At most `MATCHES_MAX` records, each once; the oldest ones if the CRM can order by creation. */
  records: readonly UnifiedRecord<Resource>[];
  /** Whether the CRM may have more records with the address. */
  hasMore: boolean;
}

/** The most records that a search by e-mail addresses returns for one address. */
export const MATCHES_MAX = 50;

/**
 * Finds records by e-mail addresses, of several addresses at once. The search is symmetric: a record is found by an
 * address if and only if the address is one of the record's keys.
 */
export interface EmailSearch<Resource extends ResourceName = ResourceName> {
  /** Maximum number of addresses in one call of `find`. */
  batchSize: number;
  /**
   * Resolves to the matches by the given address. An address without an entry has no records, or is none that the CRM can
   * search for. The case of letters and the script of a domain (IDN) do not matter. Fields and `failures` as in `get`.
   * @throws CrmError also if the addresses of a found record could not be read
   */
  find(
    context: ProviderContext,
    addresses: readonly string[],
    select: Selection,
  ): Promise<ReadonlyMap<string, EmailMatches<Resource>>>;
  /**
   * The addresses by which `find` finds this record, in the form of `normalEmail`, each once. An address that the CRM
   * shows but does not search is no key.
   * @param record was read with `emails` in its selection
   * @throws CrmError if the addresses of the record could not be read
   */
  keysOf(record: UnifiedRecord<Resource>): readonly string[];
}

/** The result of a create or an update. */
export interface Written<Resource extends ResourceName = ResourceName> {
  nativeId: string;
  /**
   * Makes the record, with the selected fields, of the CRM's answer to the write. Its calls read only what belongs to other
   * records. Absent if the answer does not hold everything that is selected, so that the record has to be read.
   * @throws CrmError if the answer is that of another record
   */
  record?: () => Promise<UnifiedRecord<Resource>>;
}

/** One resource of one CRM. An operation that the CRM does not have is absent. */
export interface ResourceAdapter<Resource extends ResourceName = ResourceName> {
  readonly map: FieldMap<Resource>;
  /** Maximum number of ids in one call of `get`. */
  batchSize(select: Selection): number;
  list: (context: ProviderContext, query: ListQuery<Resource>) => Promise<Page<Resource>>;
  /** Resolves to the records by requested id. An id without an entry does not exist at the CRM. */
  get(
    context: ProviderContext,
    nativeIds: readonly string[],
    select: Selection,
  ): Promise<ReadonlyMap<string, UnifiedRecord<Resource>>>;
  /** Absent if the records have no e-mail addresses of their own. */
  readonly byEmails?: EmailSearch<Resource>;
  /** @param select the fields that the caller needs of the new record */
  create?: (context: ProviderContext, input: ResourceInputs[Resource], select: Selection) => Promise<Written<Resource>>;
  /**
   * @param select the fields that the caller needs of the record afterwards
   * @throws CrmError with the resource's NOT_FOUND code if the record does not exist
   */
  update?: (
    context: ProviderContext,
    nativeId: string,
    input: ResourceInputs[Resource],
    select: Selection,
  ) => Promise<Written<Resource>>;
  /** @throws CrmError with the resource's NOT_FOUND code if the record does not exist */
  delete?: (context: ProviderContext, nativeId: string) => Promise<void>;
  /** Reads the definitions of the fields outside the unified model. Absent if the CRM has none here. */
  readonly customFields?: (context: ProviderContext) => Promise<readonly CustomFieldDefinition[]>;
  /** Reads which columns the account has. Absent if all accounts have the columns of the map. */
  readonly columns?: (context: ProviderContext) => Promise<Columns>;
  readonly edges: { readonly [Edge in EdgeName<Resource>]?: EdgeLoader };
  /**
   * Fields, nested fields (`company.name`) and edges that may take a call in addition to the one that reads the record.
   * If it fails, they stand in `UnifiedRecord.failures`, and everything else is answered.
   */
  readonly furtherCalls: ReadonlySet<string>;
  /** What the operations cost, before their first call. */
  readonly cost: ResourceCost<Resource>;
}

export type { CredentialField, ListQuery };

export type AuthType = "OAUTH2" | "API_KEY";

/** A request limit the vendor documents. */
export interface DocumentedLimit {
  description: string;
  requests: number;
  perSeconds: number;
}

/** A setting of the operator for all connections to a provider: `CRMESH_<SLUG>_<variable>`. */
export interface ProviderSetting {
  name: string;
  /** The end of the variable's name, in capitals. */
  variable: string;
  description: string;
  default: string;
}

/** Texts for the provider's documentation, in addition to its field maps. */
export interface ProviderNotes {
  /** What each part was proven against: a server with its version or a document, and the date. */
  proven: readonly string[];
  /** The steps at the vendor before anybody can connect. */
  setup: readonly string[];
  /** Differences from other CRMs that users must know. */
  quirks: readonly string[];
  /** Assumptions of the adapter that neither the vendor's documents nor its servers have confirmed. */
  unverified: readonly string[];
}

/** Everything that crmesh knows about one CRM. */
export interface Provider {
  readonly slug: string;
  readonly name: string;
  readonly authType: AuthType;
  /** Consent, renewal and revocation. Present if and only if `authType` is OAUTH2. */
  readonly oauth?: OAuthDefinition;
  /** The credential that a caller, or an end user without OAuth, gives to connect. */
  readonly credentialFields: readonly CredentialField[];
  readonly limits: readonly DocumentedLimit[];
  readonly settings?: readonly ProviderSetting[];
  /** The versions of the vendor's API. Every path that the adapter calls belongs to one of them. */
  readonly apiVersions: readonly ApiVersion[];
  readonly notes: ProviderNotes;
  readonly traits: UpstreamTraits;
  /** Request limits that an operator may have changed, in addition to those of `traits`. */
  rateRules?(setting: ProviderContext["setting"]): readonly RateRule[];
  /**
   * Returns the origin of the API for this credential.
   * @param override the operator's replacement
   * @throws CrmError INVALID_INPUT if the credential has no usable address
   */
  origin(credentials: Credentials, override: string | undefined): string;
  /** Adds the credential to a request, as a header or as the CRM's protocol requires. Never adds it to the URL. */
  authorize(request: AdapterRequest, credentials: Credentials): AdapterRequest;
  /**
   * Verifies the credential with one cheap call.
   * @throws CrmError PROVIDER_AUTH_FAILED with the CRM's reason if the CRM refuses it
   */
  verify(
    exchange: CredentialExchange,
    credentials: Credentials,
  ): Promise<{ accountName: string | null; credentials: Credentials }>;
  /**
   * Replaces a credential that the CRM refuses. For providers without OAuth. Absent if credentials are valid until the
   * CRM revokes them.
   * @returns null if crmesh has nothing to renew the credential with
   * @throws CrmError NEEDS_REAUTH if the CRM refuses to renew it
   */
  renew?: (exchange: CredentialExchange, credentials: Credentials) => Promise<Credentials | null>;
  readonly resources: { readonly [Resource in ResourceName]?: ResourceAdapter<Resource> };
  readonly owners: {
    batchSize: number;
    load: (context: ProviderContext, ids: readonly string[]) => Promise<ReadonlyMap<string, Owner>>;
  };
  /** What definitions and owners cost, before their first call. */
  readonly cost: ProviderCost;
}
