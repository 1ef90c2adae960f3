import type { Bundle } from "./bundle.js";
import type { ExplorerBuild } from "./build.js";
import { defaultHeaders, examplesFor, type Caller } from "./examples.js";
import { graphiqlPage, PATHS, sandboxPage, unbuiltPage, type ExplorerName, type ExplorerPage } from "./pages.js";

export interface ExplorerOptions {
  /** The explorer that `/` and `/graphql` show. */
  preferred: ExplorerName;
  /** Path of the graph. */
  endpoint: string;
  /** Key and end user that the pages offer. Null if the server has no key that everybody may know. */
  caller: Caller | null;
  build: ExplorerBuild;
  bundle: Bundle;
}

/** The pages on which people write queries. */
export class Explorer {
  readonly #options: ExplorerOptions;

  constructor(options: ExplorerOptions) {
    this.#options = options;
  }

  get build(): ExplorerBuild {
    return this.#options.build;
  }

  get bundle(): Bundle {
    return this.#options.bundle;
  }

  async page(name: ExplorerName = this.#options.preferred): Promise<ExplorerPage> {
    const { build, endpoint, caller } = this.#options;
    // An earlier bundle may be there still, but its files go while the next one is built.
    const manifest = build.state === "RUNNING" ? null : await this.bundle.manifest();
    if (manifest === null) return unbuiltPage(UNBUILT[build.state], endpoint);
    const settings = { endpoint, headers: defaultHeaders(caller), examples: examplesFor(caller) };
    return name === "graphiql"
      ? graphiqlPage(manifest, { ...settings, other: PATHS.sandbox })
      : sandboxPage(manifest, { ...settings, other: PATHS.graphiql });
  }
}

const UNBUILT = { RUNNING: "BUILDING", FAILED: "FAILED", IDLE: "NOT_BUILT" } as const;
