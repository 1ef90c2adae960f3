import { print, printJson, type CommandIo } from "./command-context.js";

/** One column of a list: its title on a terminal, and the cell of each row. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string>>;

export interface ListOptions {
  /** Prints the rows themselves as a JSON array. */
  json?: true | undefined;
  /** The sentence for a list without rows. It goes to standard error, so that standard output has only rows. */
  empty: string;
}

/**
 * Prints a list: as JSON; on a terminal with a header and aligned columns; otherwise one line for each row, with tabs
 * between the cells.
 */
export function printList<Row>(
  io: Pick<CommandIo, "out" | "err" | "isTerminal">,
  rows: readonly Row[],
  columns: Columns<Row>,
  { json, empty }: ListOptions,
): void {
  if (json) return printJson(io, rows);
  if (rows.length === 0) return io.err(`${empty}\n`);
  const cells = rows.map((row) => Object.values(columns).map((cell) => cell(row)));
  print(io, io.isTerminal ? aligned([Object.keys(columns), ...cells]) : tabbed(cells));
}

function tabbed(lines: readonly string[][]): string {
  return lines.map((cells) => cells.join("\t")).join("\n");
}

function aligned(lines: readonly string[][]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
