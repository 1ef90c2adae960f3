import { invalidInput } from "../../errors/crm-error.js";

/**
 * The upstream calls that an operation may make at one connection: the number of its price. Retries, renewals of
 * credentials and the loads of definitions, which other operations may share, do not count. Nor do requests that the CRM
 * refuses: adapters repeat some of them in another form, for example without a column that the user may not see.
 */
export class CallBudget {
  readonly #calls: number;
  readonly #assumptions: ReadonlyMap<string, string>;
  #made = 0;
  #refused = 0;

  /** @param assumptions path of a field → what its price takes for granted */
  constructor(calls: number, assumptions: ReadonlyMap<string, string>) {
    this.#calls = calls;
    this.#assumptions = assumptions;
  }

  /**
   * Counts a call before it is made.
   * @throws CrmError INVALID_INPUT that names the assumptions of the price, if the price has no more calls
   */
  take(): void {
    if (this.#made >= this.#calls) throw this.#exceeded();
    this.#made += 1;
  }

  /** Gives a call back that the CRM has refused, so that its repetition counts as a retry. At most as many as the price has. */
  giveBack(): void {
    if (this.#refused >= this.#calls) return;
    this.#refused += 1;
    this.#made -= 1;
  }

  #exceeded() {
    const price = `The price of this operation is ${this.#calls} upstream calls at this connection, and one more is needed.`;
    const advice = "Request fewer records at once.";
    if (this.#assumptions.size === 0) return invalidInput({ query: `${price} ${advice}` });
    const named = [...this.#assumptions].map(([path, text]) => [path, `${price} It assumes: ${text} ${advice}`]);
    return invalidInput(Object.fromEntries(named) as Record<string, string>);
  }
}
