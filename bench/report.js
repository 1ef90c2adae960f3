/** What is printed: tables in Markdown, so that a run can stand in docs/performance.md as it is. */
export class Report {
  #missed = [];

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

  /** Says whether a number keeps its bound, as a cell of a table. */
  verdict(name, value, bound) {
    if (value <= bound) return "met";
    this.#missed.push(`${name}: ${Number(value.toFixed(3))}, at most ${bound}`);
    return "**MISSED**";
  }

  /** The last word. True when every bound was kept. */
  close() {
    this.heading("Result");
    for (const line of this.#missed) console.log(`MISSED ${line}`);
    if (this.#missed.length === 0) console.log("Every bound is met.");
    return this.#missed.length === 0;
  }
}
