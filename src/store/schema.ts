/** The API key decides the environment. Data never crosses from one to the other. */
export type Environment = "live" | "test";

/**
 * - `ACTIVE`: the credentials are assumed to be valid.
 * - `NEEDS_REAUTH`: the provider refused to refresh the credentials. The end user must reconnect.
 * - `DISCONNECTED`: ended by the end user or the workspace. The credentials are erased; the row stays as history.
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
  /** SHA-256 of the secret in hex. The secret itself is not stored. */
  hash: string;
  /** The readable beginning of the secret, for listings. */
  prefix: string;
  scopes: string[];
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date | null;
  /** null: no limit of the key's own. */
  max_calls: number | null;
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
  /** Grows by one with every change of the credentials, for compare-and-set. */
  credentials_version: number;
  account_name: string | null;
  created_at: Date;
  updated_at: Date;
  last_used_at: Date | null;
  scopes: string[] | null;
  token_expires_at: Date | null;
  /** Grows by one with every reconnect, which may lead to another account of the CRM. A refresh keeps it. */
  account_generation: number;
  /** The `redirectUrl` of the latest Connect link that connected the end user. Null if no link had one. */
  redirect_url: string | null;
}

/** The current right to refresh a connection's credentials. */
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
