/**
 * Merges texts in Prometheus' format that differ in a label of all samples. All samples of a metric must stand together, after
 * one head.
 */
export function mergedTexts(texts: readonly string[]): string {
  const metrics = new Map<string, { head: string[]; samples: string[] }>();
  for (const text of texts) {
    let current: { head: string[]; samples: string[] } | null = null;
    let isNew = false;
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const help = /^# HELP (\S+)/.exec(line)?.[1];
      if (help !== undefined) {
        isNew = !metrics.has(help);
        if (isNew) metrics.set(help, { head: [], samples: [] });
        current = metrics.get(help)!;
      }
      if (!line.startsWith("#")) current?.samples.push(line);
      else if (isNew) current?.head.push(line);
    }
  }
  const lines = [...metrics.values()].flatMap(({ head, samples }) => [...head, ...samples]);
  return `${lines.join("\n")}\n`;
}
