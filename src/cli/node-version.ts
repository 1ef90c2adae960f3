/** The oldest version of Node.js that crmesh runs on, as in `engines` of package.json. */
export const OLDEST_NODE = "22.15";

/**
 * Returns a sentence that names the needed and the running version if Node.js is older than `OLDEST_NODE`, else null.
 * @param running the version without a `v`, e.g. `24.21.0`
 */
export function oldNodeProblem(running: string): string | null {
  const [major = 0, minor = 0] = running.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `crmesh needs Node.js ${OLDEST_NODE} or later, but this is Node.js ${running}.`;
}
