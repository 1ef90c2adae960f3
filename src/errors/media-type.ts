/** The media types of answers, as they stand in `Content-Type`. */
export const JSON_TYPE = "application/json; charset=utf-8";
export const GRAPHQL_RESPONSE_TYPE = "application/graphql-response+json; charset=utf-8";

export type AnswerType = typeof JSON_TYPE | typeof GRAPHQL_RESPONSE_TYPE;

/** In the order of our preference, for callers who have none. */
const TYPES: readonly [essence: string, type: AnswerType][] = [
  ["application/json", JSON_TYPE],
  ["application/graphql-response+json", GRAPHQL_RESPONSE_TYPE],
];

interface MediaRange {
  range: string;
  quality: number;
  /** Place in the header, from 0. */
  order: number;
}

/** How well an `Accept` header takes one type. */
interface Match extends MediaRange {
  type: AnswerType;
  /** 2 for the type itself, 1 for `application/*`, 0 for all types. */
  specificity: number;
}

/**
 * Chooses the media type of an answer by the caller's `Accept` header (RFC 9110, section 12.5.1). Of types with the same
 * quality, the one that the caller names more precisely wins, then the one that the caller names first, then JSON.
 * @returns null if the caller accepts neither type
 */
export function answerTypeFor(accept: string | undefined): AnswerType | null {
  if (accept === undefined || accept === "" || accept === "*/*") return JSON_TYPE;
  const ranges = accept.split(",").map(mediaRange);
  let best: Match | null = null;
  for (const [essence, type] of TYPES) {
    const match = matchOf(essence, type, ranges);
    if (match && match.quality > 0 && (best === null || isBetter(match, best))) best = match;
  }
  return best?.type ?? null;
}

/** Says whether a caller wants a page rather than data, as browsers do when somebody opens a URL. */
export function prefersPage(accept: string | undefined): boolean {
  const ranges = accept?.split(",").map(mediaRange) ?? [];
  const page = ranges.find(({ range }) => range === "text/html");
  if (page === undefined || page.quality === 0) return false;
  const data = ranges.filter(({ range }) => range === "application/*" || TYPES.some(([essence]) => essence === range));
  return data.every(({ quality, order }) => (quality === page.quality ? page.order < order : page.quality > quality));
}

function mediaRange(text: string, order: number): MediaRange {
  const [range, ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split("=")[1];
  const value = quality === undefined ? 1 : Number(quality);
  return { range: range!, quality: value >= 0 && value <= 1 ? value : 0, order };
}

/** The range that decides on a type is the most precise one that covers it. */
function matchOf(essence: string, type: AnswerType, ranges: readonly MediaRange[]): Match | null {
  let best: Match | null = null;
  for (const range of ranges) {
    const specificity = ["*/*", "application/*", essence].indexOf(range.range);
    if (specificity > (best?.specificity ?? -1)) best = { ...range, type, specificity };
  }
  return best;
}

function isBetter(one: Match, other: Match): boolean {
  if (one.quality !== other.quality) return one.quality > other.quality;
  if (one.specificity !== other.specificity) return one.specificity > other.specificity;
  return one.order < other.order;
}
