import { Refusal } from "../../kit/refusal.js";

/** A refusal. EspoCRM sends the reason in a header. Only faults of fields and duplicates have a body. */
export class EspoError extends Refusal {
  constructor(status: number, reason: string | null = null, body: object | "" = "") {
    const headers = reason === null ? {} : { "x-status-reason": reason };
    super(status, body, { "content-type": "application/json", ...headers }, reason ?? undefined);
  }
}

export function validationFailure(field: string, type: string): EspoError {
  const body = { messageTranslation: { label: "validationFailure", scope: null, data: { field, type } } };
  return new EspoError(400, `Field validation failure; field: ${field}, type: ${type}.`, body);
}

export function noSuchRecord(id: string): EspoError {
  return new EspoError(404, `Record ${id} does not exist.`);
}
