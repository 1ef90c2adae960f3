import { editDistance } from "./edit-distance.js";

const PREFIX = "CRMESH_";
/** Variables of programs that call crmesh, such as those in examples/. They often share its environment. */
const OF_CLIENTS = new Set(["CRMESH_URL", "CRMESH_API_KEY"]);
/** Kubernetes adds such variables to every container if a service is named `crmesh` or `crmesh-…`. */
const OF_KUBERNETES = /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

/**
 * Returns a sentence for each variable whose name begins as a setting of crmesh and is none, with the most similar setting.
 * The sentences have no values, because these may be secrets.
 *
 * @param known the names of all settings
 */
export function unknownSettings(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => isMeantForCrmesh(name, value) && !known.includes(name))
    .map(([name]) => {
      const similar = mostSimilar(name, known);
      const advice = similar === null ? "docs/configuration.md lists all settings." : `Did you mean ${similar}?`;
      return `There is no setting ${name}. ${advice}`;
    })
    .sort();
}

/** An empty variable counts as not set. */
function isMeantForCrmesh(name: string, value = ""): boolean {
  if (!name.startsWith(PREFIX) || value === "" || OF_CLIENTS.has(name)) return false;
  return !OF_KUBERNETES.test(name) && !(name.endsWith("_PORT") && SERVICE_ADDRESS.test(value));
}

function mostSimilar(name: string, known: readonly string[]): string | null {
  const own = withoutPrefix(name);
  // PORT, HOST and DATABASE_URL have no prefix.
  if (known.includes(own)) return own;
  const [nearest] = known
    .map((setting) => ({ setting, distance: editDistance(own, withoutPrefix(setting)) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(2, Math.floor(own.length / 4)) ? nearest.setting : null;
}

function withoutPrefix(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}
