import { bodies } from "./families/bodies.js";
import { directives } from "./families/directives.js";
import { entities } from "./families/entities.js";
import { faults } from "./families/faults.js";
import { fragments } from "./families/fragments.js";
import { hangUps } from "./families/hang-ups.js";
import { headers } from "./families/headers.js";
import { ids } from "./families/ids.js";
import { introspection } from "./families/introspection.js";
import { nesting } from "./families/nesting.js";
import { operations } from "./families/operations.js";
import { overlaps } from "./families/overlaps.js";
import { persisted } from "./families/persisted.js";
import { sockets } from "./families/sockets.js";
import { texts } from "./families/texts.js";
import { typos } from "./families/typos.js";
import { valid } from "./families/valid.js";
import { variables } from "./families/variables.js";
import { wide } from "./families/wide.js";
import { writes } from "./families/writes.js";
import { Random } from "./random.js";

/**
 * All families. Each is
 *   name      of its file
 *   harm      what it aims at
 *   share     of 1,000 requests, how many are of this family
 *   reaches   what some of its answers must be, "data" or a code: hostile requests that get nowhere would show nothing
 *   variants  { name: make } where make(random, targets) gives a case; those under `rare` are heavy and come seldom
 */
export const FAMILIES = [
  valid,
  wide,
  fragments,
  overlaps,
  directives,
  nesting,
  introspection,
  variables,
  texts,
  ids,
  entities,
  writes,
  typos,
  operations,
  persisted,
  bodies,
  headers,
  sockets,
  hangUps,
  faults,
];

/** A rare variant's share among the random cases of its family. */
const RARE = 0.01;

/**
 * The case of that index. The first ones are one of each variant, heavy ones too, so that the smallest run has them all;
 * the others are chosen at random. A seed, a family and an index make the same case, whatever came before it.
 */
export function caseOf(family, index, seed, targets) {
  const name = `${family.name}:${index}`;
  const random = new Random(`${seed}/${name}`);
  const usual = Object.entries(family.variants);
  const rare = Object.entries(family.rare ?? {});
  const all = [...usual, ...rare];
  const chosen = index < all.length ? all[index] : random.pick(rare.length > 0 && random.chance(RARE) ? rare : usual);
  const [variant, make] = chosen;
  return { name, variant, family: family.name, ...make(random, targets) };
}

/** How many cases a family has at least: one of each variant. */
export function variantsOf(family) {
  return Object.keys(family.variants).length + Object.keys(family.rare ?? {}).length;
}
