/** A refusal. EspoCRM leaves its body empty and gives the reason in a header, but for what it can say of a field. */
export class EspoError extends Error {
  override readonly name = "EspoError";
  constructor(
    readonly status: number,
    readonly reason: string | null = null,
    readonly body: object | "" = "",
  ) {
    super(reason ?? String(status));
  }

  get headers(): Record<string, string> {
    return this.reason === null ? {} : { "x-status-reason": this.reason };
  }
}

export function validationFailure(field: string, type: string): EspoError {
  const body = { messageTranslation: { label: "validationFailure", scope: null, data: { field, type } } };
  return new EspoError(400, `Field validation failure; field: ${field}, type: ${type}.`, body);
}

export function noSuchRecord(id: string): EspoError {
  return new EspoError(404, `Record ${id} does not exist.`);
}
