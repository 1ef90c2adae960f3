import type { LogConfig, LogEvent, RootOperationNode } from "kysely";
import type { Telemetry } from "../observability/telemetry/telemetry.js";

/** SQLSTATE of the error, else the name of its class. */
function failureOf(event: LogEvent): string | undefined {
  if (event.level !== "error") return undefined;
  const { code, name } = event.error as { code?: unknown; name?: string };
  return typeof code === "string" ? code : (name ?? "unknown");
}

/** Kysely's option that writes each statement as a span and as a duration. Empty if telemetry is off. */
export function statementLog({ meters, tracing }: Telemetry): { log?: LogConfig } {
  if (!meters && !tracing) return {};
  return {
    log: (event) => {
      const { operation, table } = describe(event.query.query);
      const failure = failureOf(event);
      const labels = {
        "db.system.name": "postgresql",
        "db.operation.name": operation,
        "db.collection.name": table,
      };
      meters?.time("storeDuration", event.queryDurationMillis / 1_000, { ...labels, "error.type": failure });
      // Neither the statement nor its values: names of tables say enough, and values may be secrets.
      const name = table === undefined ? operation : `${operation} ${table}`;
      tracing?.past({ name, kind: "client", attributes: labels }, event.queryDurationMillis, failure);
    },
  };
}

/** The verb of a statement and its first table. */
function describe(node: RootOperationNode): { operation: string; table: string | undefined } {
  if (node.kind === "SelectQueryNode") {
    // crmesh stores each change of a row together with its event: `with changed as (update …) select … from changed`.
    const change = node.with?.expressions[0]?.expression;
    if (change && change.kind !== "SelectQueryNode") return describe(change as RootOperationNode);
    return { operation: "SELECT", table: tableOf(node.from?.froms[0]) };
  }
  if (node.kind === "InsertQueryNode") return { operation: "INSERT", table: tableOf(node.into) };
  if (node.kind === "UpdateQueryNode") return { operation: "UPDATE", table: tableOf(node.table) };
  if (node.kind === "DeleteQueryNode") return { operation: "DELETE", table: tableOf(node.from.froms[0]) };
  return { operation: "OTHER", table: undefined };
}

/** The name of a table, also behind an alias or inside a list. */
function tableOf(node: object | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ("table" in node && typeof node.table === "object" && node.table !== null) {
    const { identifier } = node.table as { identifier?: { name?: string } };
    return identifier?.name;
  }
  return "node" in node && typeof node.node === "object" && node.node !== null ? tableOf(node.node) : undefined;
}
