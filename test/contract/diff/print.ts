import type { Comparison, Difference } from "./compare.js";

/** The comparison for people: each kind of request with its differences, side by side. */
export function linesOf({ kinds, differences, unused }: Comparison, real: string, sandbox: string): string[] {
  const open = differences.filter(({ accepted }) => accepted === null);
  const different = new Set(differences.map(({ request }) => request));
  const unaccepted = new Set(open.map(({ request }) => request));
  const same = kinds.filter((kind) => !different.has(kind)).length;
  const only = kinds.filter((kind) => different.has(kind) && !unaccepted.has(kind)).length;
  return [
    ...[...Map.groupBy(differences, ({ request }) => request)].flatMap(([request, own]) => [
      request,
      ...own.map(lineOf),
    ]),
    ...unused.map(({ request, place }) => `accepted, but did not show: ${request}, ${place}`),
    `${real} (left) and the sandbox, which imitates ${sandbox} (right), ${new Date().toISOString().slice(0, 10)}: ` +
      `${kinds.length} kinds of requests, ${same} answered the same, ${only} with accepted differences only, ` +
      `${kinds.length - same - only} with others.`,
  ];
}

function lineOf({ place, real, sandbox, accepted }: Difference): string {
  return `  ${place}: ${real} | ${sandbox}${accepted === null ? "" : `   (accepted: ${accepted})`}`;
}
