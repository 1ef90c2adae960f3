import type { JsonObject } from "./data.js";

/** A Python exception that ends a call. JSON-RPC sends it with status 200, and JSON-2 with a status of its own. */
export class RpcError extends Error {
  /** The exception's class with its module, e.g. `odoo.exceptions.MissingError`. */
  readonly exception: string;

  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }

  toJson(): JsonObject {
    return {
      name: this.exception,
      // Odoo sends its traceback to the caller. No client may pass it on.
      debug: `${TRACEBACK}${this.exception.replace(/^builtins\./, "")}: ${this.message}\n`,
      message: this.message,
      arguments: [this.message],
      context: {},
    };
  }
}

const TRACEBACK = `Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/odoo/http.py", line 1788, in _serve_db
    return service_model.retrying(self._serve_ir_http, self.env)
  File "/usr/lib/python3/dist-packages/odoo/service/model.py", line 133, in retrying
    result = func()
  File "/usr/lib/python3/dist-packages/odoo/service/model.py", line 40, in dispatch
    res = execute_kw(db, uid, *params[3:])
`;

export const valueError = (message: string) => new RpcError("builtins.ValueError", message);
export const typeError = (message: string) => new RpcError("builtins.TypeError", message);
export const validationError = (message: string) => new RpcError("odoo.exceptions.ValidationError", message);
export const userError = (message: string) => new RpcError("odoo.exceptions.UserError", message);
export const accessDenied = () => new RpcError("odoo.exceptions.AccessDenied", "Access Denied");

export function missingRecord(model: string, id: number, uid: number): RpcError {
  const record = `${model}(${id},)`;
  return new RpcError(
    "odoo.exceptions.MissingError",
    `Record does not exist or has been deleted.\n(Record: ${record}, User: ${uid})`,
  );
}

export function brokenReference(model: { name: string; description: string }, field: string): RpcError {
  return validationError(
    "The operation cannot be completed: another model requires the record being deleted. " +
      `If possible, archive it instead.\n\nModel: ${model.description} (${model.name})\n` +
      `Constraint: ${model.name.replaceAll(".", "_")}_${field}_fkey\n`,
  );
}
