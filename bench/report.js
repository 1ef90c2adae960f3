/** What is printed: tables in Markdown, so that a run can stand in docs/performance.md as it is. */
export class Report {
  /** By name, so that a bound which two tables show is told once. */
  #missed = new Map();

  heading(text) {
    console.log(`\n## ${text}\n`);
  }

  text(line) {
    console.log(line);
  }

  table(columns, rows) {
    const lines = [columns, columns.map(() => "---"), ...rows];
    console.log(lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
  }

  /** Says whether a number keeps its bound, which is the largest that it may be, or the smallest, as a cell of a table. */
  verdict(name, value, bound, { atLeast = false } = {}) {
    if (atLeast ? value >= bound : value <= bound) return "met";
    this.#missed.set(name, `${name}: ${Number(value.toFixed(3))}, at ${atLeast ? "least" : "most"} ${bound}`);
    return "**MISSED**";
  }

  /** What was missed, a line each. */
  get missed() {
    return [...this.#missed.values()];
  }

  /** The last word. True when every bound was kept. */
  close() {
    const { missed } = this;
    this.heading("Result");
    for (const line of missed) console.log(`MISSED ${line}`);
    if (missed.length === 0) console.log("Every bound is met.");
    return missed.length === 0;
  }
}
