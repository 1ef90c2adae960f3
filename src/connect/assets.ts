import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { PageAssets } from "./pages/layout.js";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2447b8"/><path d="M12 16h8" stroke="#fff" stroke-width="3"/><circle cx="10" cy="16" r="4" fill="#fff"/><circle cx="22" cy="16" r="4" fill="#fff"/></svg>\n`;

export const ASSETS_PATH = "/connect/assets";

export interface Asset {
  body: string;
  type: string;
}

/** The files that the pages load. A name contains a hash of its content, so that browsers may cache it forever. */
export class Assets {
  readonly paths: PageAssets;
  readonly #byName = new Map<string, Asset>();

  constructor({ stylesheet, pageScript }: { stylesheet: string; pageScript: string | null }) {
    this.paths = {
      stylesheet: this.#add("connect", "css", stylesheet, "text/css; charset=utf-8"),
      icon: this.#add("icon", "svg", ICON, "image/svg+xml"),
      script: pageScript === null ? null : this.#add("page", "js", pageScript, SCRIPT_TYPE),
    };
  }

  get(name: string): Asset | null {
    return this.#byName.get(name) ?? null;
  }

  #add(name: string, extension: string, body: string, type: string): string {
    const hash = createHash("sha256").update(body).digest("base64url").slice(0, 12);
    const file = `${name}-${hash}.${extension}`;
    this.#byName.set(file, { body, type });
    return `${ASSETS_PATH}/${file}`;
  }
}

export const SCRIPT_TYPE = "text/javascript; charset=utf-8";

/** Reads a file that the build makes from `src/connect/browser`. Null if it was not built, as when tests run from source. */
export async function readBuilt(name: "connect.js" | "connect.d.ts" | "page.js"): Promise<string | null> {
  try {
    return await readFile(new URL(`./browser/${name}`, import.meta.url), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
