import { NOT_RUN } from "../not-run.js";

/** A part of jest's results in JSON. */
export interface JestResults {
  testResults: readonly {
    /** Set if the file itself failed. */
    message: string;
    assertionResults: readonly {
      ancestorTitles: readonly string[];
      title: string;
      status: string;
      failureMessages: readonly string[] | null;
    }[];
  }[];
}

export interface Report {
  passed: number;
  failed: readonly string[];
  /** Reason → number of cases. */
  notRun: ReadonlyMap<string, number>;
  /** Cases that `-t` left out. */
  leftOut: number;
  /** Why no case could run; null if cases ran. */
  broken: string | null;
}

export function reportOf({ testResults }: JestResults): Report {
  const failed: string[] = [];
  const notRun = new Map<string, number>();
  let [passed, leftOut] = [0, 0];
  for (const { ancestorTitles, title, status } of testResults.flatMap((file) => file.assertionResults)) {
    const reason = ancestorTitles.find((one) => one.startsWith(NOT_RUN))?.slice(NOT_RUN.length);
    if (reason !== undefined) notRun.set(reason, (notRun.get(reason) ?? 0) + 1);
    else if (status === "passed") passed += 1;
    else if (status === "failed") failed.push([...ancestorTitles.slice(1), title].join(" › "));
    else leftOut += 1;
  }
  const ran = passed + failed.length > 0;
  return { passed, failed, notRun, leftOut, broken: ran ? null : testResults.map(({ message }) => message).join("\n") };
}

/** The report for people. */
export function linesOf({ passed, failed, notRun, leftOut, broken }: Report, where: string): string[] {
  const tried = passed + failed.length;
  const day = new Date().toISOString().slice(0, 10);
  return [
    ...(broken === null ? [] : ["No case could run.", broken]),
    `${where}, ${day}: ${passed} of ${tried} cases passed.`,
    ...failed.map((name) => `  failed: ${name}`),
    ...[...notRun].map(([reason, count]) => `  not run: ${count} ${count === 1 ? "case" : "cases"}: ${reason}`),
    ...(leftOut > 0 ? [`  left out by -t: ${leftOut} cases`] : []),
  ];
}
