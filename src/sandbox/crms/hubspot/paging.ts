import { validationError } from "./errors.js";

export interface Paging {
  next: { after: string };
}

export interface Page<Item> {
  readonly items: Item[];
  /** Spread into an answer: absent on the last page. */
  readonly paging: { paging?: Paging };
}

/** A page of the items after the one named by `after`, which may itself have gone meanwhile. Items ascend by id. */
export function pageOf<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  limit: number,
  after: string | undefined,
): Page<Item> {
  if (after !== undefined && !/^\d+$/.test(after))
    throw validationError(`after is not a valid paging cursor: ${after}`);
  const rest = after === undefined ? items : items.filter((item) => Number(idOf(item)) > Number(after));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page,
    paging: last !== undefined && rest.length > page.length ? { paging: { next: { after: idOf(last) } } } : {},
  };
}
