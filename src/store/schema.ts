/** `live` or `test`; decided by the API key. Data never crosses from one to the other. */
export type Environment = "live" | "test";

/**
 * - `ACTIVE`: the credentials are believed to be good.
 * - `NEEDS_REAUTH`: the provider refused to refresh them; the end user has to authorise again.
 * - `DISCONNECTED`: given up by the end user or the workspace; the credentials are erased, the row stays as history.
 */
export type ConnectionStatus = "ACTIVE" | "NEEDS_REAUTH" | "DISCONNECTED";

export interface WorkspaceTable {
  id: string;
  name: string;
  created_at: Date;
}

export interface ApiKeyTable {
  id: string;
  workspace_id: string;
  environment: Environment;
  name: string;
  /** SHA-256 of the secret in hex; the secret itself is stored nowhere. */
  hash: string;
  /** The readable beginning of the secret, for listings. */
  prefix: string;
  scopes: string[];
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date | null;
}

export interface EndUserTable {
  id: string;
  workspace_id: string;
  environment: Environment;
  /** The workspace's own id of its customer. */
  external_id: string;
  display_name: string | null;
  email: string | null;
  created_at: Date;
  updated_at: Date;
}

export interface ConnectionTable {
  id: string;
  workspace_id: string;
  environment: Environment;
  end_user_id: string;
  provider: string;
  status: ConnectionStatus;
  /** A compact JWE of the vault, bound to this row's id; null exactly when DISCONNECTED. */
  credentials: string | null;
  /** Grows by one with every change of the credentials: what compare-and-set compares. */
  credentials_version: number;
  account_name: string | null;
  created_at: Date;
  updated_at: Date;
  last_used_at: Date | null;
  scopes: string[] | null;
  token_expires_at: Date | null;
}

/** Who may refresh a connection's credentials just now. */
export interface RefreshLeaseTable {
  connection_id: string;
  holder: string;
  expires_at: Date;
}

export interface SpentConnectTokenTable {
  id: string;
  expires_at: Date;
}

export interface ConnectionEventTable {
  id: string;
  workspace_id: string;
  environment: Environment;
  end_user_id: string;
  connection_id: string;
  provider: string;
  type: string;
  actor_kind: string;
  actor_id: string | null;
  request_id: string | null;
  error_code: string | null;
  detail: string | null;
  created_at: Date;
}

export interface Schema {
  workspace: WorkspaceTable;
  api_key: ApiKeyTable;
  end_user: EndUserTable;
  connection: ConnectionTable;
  refresh_lease: RefreshLeaseTable;
  spent_connect_token: SpentConnectTokenTable;
  connection_event: ConnectionEventTable;
}
