import { FieldProblem, type FieldEntry, type NativeRecord } from "../../contract/field-map.js";
import { items, readText } from "./dialect.js";

/** The links that people have in Twenty, each to one site. */
const HOSTS: Readonly<Record<string, RegExp>> = {
  linkedinLink: /(^|\.)linkedin\.com$/,
  xLink: /(^|\.)(x|twitter)\.com$/,
};
const LINKS = Object.keys(HOSTS);

export const profiles: FieldEntry<string[]> = {
  reads: LINKS,
  read: (native) => LINKS.flatMap((link) => urlsOf(native, link)),
  write: { native: LINKS, toNative: writeProfiles },
  note: "The profiles at LinkedIn and X.",
};

function urlsOf(native: NativeRecord, link: string): string[] {
  const others = items<{ url?: unknown }>(native[`${link}.secondaryLinks`]).map(({ url }) => url);
  return [native[`${link}.primaryLinkUrl`], ...others].map(readText).filter((url) => url !== null);
}

function writeProfiles(value: string[] | null): NativeRecord {
  const sites = (value ?? []).map((url, index) => {
    const host = (URL.parse(url) ?? URL.parse(`https://${url}`))?.hostname ?? "";
    const link = LINKS.find((name) => HOSTS[name]!.test(host));
    if (!link) throw new FieldProblem("Twenty keeps a person’s profiles at LinkedIn and X here.", String(index));
    return { link, url };
  });
  const written = LINKS.map((name) => {
    const [first, ...others] = sites.filter(({ link }) => link === name).map(({ url }) => ({ url, label: "" }));
    return [name, { primaryLinkUrl: first?.url ?? "", primaryLinkLabel: "", secondaryLinks: others }];
  });
  return Object.fromEntries(written) as NativeRecord;
}
