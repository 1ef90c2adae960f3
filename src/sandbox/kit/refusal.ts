import type { WireAnswer } from "./crm.js";

/** A refusal in a CRM's own words. Routes throw it, and the server sends it as the answer. */
export class Refusal extends Error implements WireAnswer {
  override readonly name: string = "Refusal";
  readonly status: number;
  readonly body: string | object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: string | object,
    headers: Readonly<Record<string, string>> = {},
    message = `The sandbox answers ${status}.`,
  ) {
    super(message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}
