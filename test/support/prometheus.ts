/** One line of Prometheus' text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A scrape, read as strictly as Prometheus reads it. */
export class Scrape {
  readonly samples: readonly Sample[];
  /** Name of a metric → counter, gauge or histogram. */
  readonly types: ReadonlyMap<string, string>;

  private constructor(samples: readonly Sample[], types: ReadonlyMap<string, string>) {
    this.samples = samples;
    this.types = types;
  }

  static async of(origin: string | null): Promise<Scrape> {
    const response = await fetch(`${origin}/metrics`);
    if (response.status !== 200) throw new Error(`The status is ${response.status}.`);
    if (!response.headers.get("content-type")?.startsWith("text/plain; version=0.0.4")) {
      throw new Error(`This is not the text format: ${response.headers.get("content-type")}`);
    }
    return Scrape.read(await response.text());
  }

  /** @throws Error that names the line which Prometheus would refuse */
  static read(text: string): Scrape {
    const types = new Map<string, string>();
    const samples: Sample[] = [];
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("# HELP ")) continue;
      const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/.exec(line);
      if (type) {
        if (types.has(type[1]!)) throw new Error(`A second TYPE: ${line}`);
        types.set(type[1]!, type[2]!);
        continue;
      }
      const parts = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (!parts) throw new Error(`Not a sample: ${line}`);
      const [, name, labels = "", value] = parts;
      const family = name!.replace(/_(bucket|sum|count)$/, "");
      if (!types.has(name!) && types.get(family) !== "histogram") throw new Error(`No TYPE: ${line}`);
      samples.push({ name: name!, labels: labelsOf(labels, line), value: numberOf(value!, line) });
    }
    return new Scrape(samples, types);
  }

  /** The sum of the samples of this name that have these labels. */
  sum(name: string, labels: Record<string, string> = {}): number {
    return this.of(name, labels).reduce((sum, { value }) => sum + value, 0);
  }

  of(name: string, labels: Record<string, string> = {}): Sample[] {
    return this.samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  }
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== "") {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/.exec(rest);
    if (!label) throw new Error(`Labels: ${line}`);
    labels[label[1]!] = label[2]!.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
    rest = rest.slice(label[0].length);
  }
  return labels;
}

function numberOf(text: string, line: string): number {
  const value = text === "+Inf" ? Infinity : Number(text);
  if (Number.isNaN(value)) throw new Error(`Not a number: ${line}`);
  return value;
}
