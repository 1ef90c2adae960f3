import { ConfigError, readConfig, settingNames, type Config } from "../../config.js";
import { providers } from "../../providers/index.js";
import { unknownSettings } from "../unknown-settings.js";
import type { Finding } from "./finding.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings of an environment. Without a valid configuration, most other checks cannot run. */
export function checkSettings(environment: Environment): { config: Config | null; findings: Finding[] } {
  const findings = unknownSettings(environment, settingNames(providers)).map((message): Finding => ({
    check: "settings",
    status: "warning",
    message,
    advice: "Correct its name, or remove it. crmesh does not read it.",
  }));
  try {
    const config = readConfig(environment, providers);
    findings.push(...risksOf(config));
    if (findings.length === 0) findings.push({ check: "settings", status: "ok", message: modeOf(config) });
    return { config, findings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const advice = "Correct the variable. docs/configuration.md lists all settings.";
    return {
      config: null,
      findings: [...findings, { check: "settings", status: "failed", message: error.message, advice }],
    };
  }
}

function modeOf({ production, sandbox }: Config): string {
  return `${production ? "Production" : "Development"}, ${sandbox ? "with" : "without"} sandbox CRMs`;
}

/** Valid settings that are wrong for a server that real end users reach. */
function risksOf({ production, publicUrl, allowPrivateHosts, maintenance }: Config): Finding[] {
  const warning = (message: string, advice: string): Finding => ({
    check: "settings",
    status: "warning",
    message,
    advice,
  });
  const risks: Finding[] = [];
  if (maintenance) {
    risks.push(
      warning("CRMESH_MAINTENANCE is on: every request is refused.", "Remove it when the maintenance is over."),
    );
  }
  if (!production) return risks;
  if (publicUrl === undefined) {
    risks.push(
      warning(
        "CRMESH_PUBLIC_URL is not set, so Connect links lead to the listening address.",
        "Set it to the https origin at which end users reach crmesh.",
      ),
    );
  } else if (!publicUrl.startsWith("https:")) {
    risks.push(
      warning(
        "CRMESH_PUBLIC_URL is not https, so the cookies of Connect are not Secure.",
        "Terminate TLS in front of crmesh, and set CRMESH_PUBLIC_URL to the https origin.",
      ),
    );
  }
  if (allowPrivateHosts) {
    risks.push(
      warning(
        "CRMESH_ALLOW_PRIVATE_HOSTS is on: end users can make crmesh call addresses of the internal network.",
        "Turn it off unless all end users are trusted.",
      ),
    );
  }
  return risks;
}
