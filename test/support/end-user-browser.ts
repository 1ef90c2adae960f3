export interface BrowserPage {
  status: number;
  /** Where the redirects ended, or would have left this machine. */
  url: string;
  text: string;
}

interface Cookie {
  origin: string;
  path: string;
  name: string;
  value: string;
}

const MAX_REDIRECTS = 10;
/** Browsers drop longer cookies without a word; a test must not. */
const MAX_COOKIE_BYTES = 4_096;

/** As much of a browser as Connect needs without a script: it follows redirects, keeps cookies and sends forms. */
export class EndUserBrowser {
  /** The origins of all requests so far. */
  readonly origins = new Set<string>();
  #cookies: Cookie[] = [];

  open(url: string): Promise<BrowserPage> {
    return this.#load(url, { method: "GET" });
  }

  /** Sends a form as the page at `page` would. */
  submit(page: BrowserPage, path: string, fields: Record<string, string>): Promise<BrowserPage> {
    const { origin } = new URL(page.url);
    return this.#load(new URL(path, page.url).href, {
      method: "POST",
      headers: { origin },
      body: new URLSearchParams(fields),
    });
  }

  /**
   * Opens a Connect link, goes to the CRM from there, and allows what its consent page asks for.
   * @param asked what is answered where the CRM must know something first
   */
  async consent(link: string, provider: string, account: string, asked?: Record<string, string>): Promise<BrowserPage> {
    const home = await this.open(link);
    const session = /^\/connect\/[\w-]+/.exec(new URL(home.url).pathname)?.[0];
    const authorize = `${session}/${provider}/authorize`;
    const consent = await this.open(
      asked ? await this.#answer(home, `${session}/${provider}`, asked) : new URL(authorize, home.url).href,
    );
    const ticket = /name="consent" value="([\w-]+)"/.exec(consent.text)?.[1];
    if (ticket === undefined) throw new Error(`This is no consent page: ${consent.status} ${consent.text}`);
    return this.submit(consent, new URL(consent.url).pathname, { consent: ticket, decision: "allow", account });
  }

  /** Sends the form that asks, and finds the link that leads on. */
  async #answer(home: BrowserPage, path: string, asked: Record<string, string>): Promise<string> {
    const answered = await this.submit(home, path, asked);
    const link = /href="([^"]+\/authorize\?[^"]+)"/.exec(answered.text)?.[1];
    if (link === undefined) throw new Error(`This page does not lead on: ${answered.status} ${answered.text}`);
    return new URL(link.replaceAll("&amp;", "&"), home.url).href;
  }

  async #load(url: string, init: RequestInit): Promise<BrowserPage> {
    let [at, request] = [url, init];
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      this.origins.add(new URL(at).origin);
      const response = await fetch(at, {
        ...request,
        redirect: "manual",
        headers: { ...request.headers, cookie: this.#cookiesFor(at) },
      });
      this.#keep(at, response.headers.getSetCookie());
      const text = await response.text();
      const location = response.headers.get("location");
      if (location === null) return { status: response.status, url: at, text };
      const next = new URL(location, at);
      if (next.hostname !== "127.0.0.1") return { status: response.status, url: next.href, text };
      [at, request] = [next.href, { method: "GET" }];
    }
    throw new Error(`There are more than ${MAX_REDIRECTS} redirects.`);
  }

  #cookiesFor(url: string): string {
    const { origin, pathname } = new URL(url);
    const fitting = this.#cookies.filter((cookie) => cookie.origin === origin && pathname.startsWith(cookie.path));
    return fitting.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  #keep(url: string, given: readonly string[]): void {
    const { origin } = new URL(url);
    for (const text of given) {
      if (Buffer.byteLength(text) > MAX_COOKIE_BYTES) throw new Error(`A cookie of ${Buffer.byteLength(text)} bytes.`);
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(text) as unknown as [string, string, string];
      const path = /;\s*path=([^;]+)/i.exec(text)?.[1] ?? "/";
      const isSame = (cookie: Cookie) => cookie.origin === origin && cookie.path === path && cookie.name === name;
      this.#cookies = this.#cookies.filter((cookie) => !isSame(cookie));
      if (value !== "") this.#cookies.push({ origin, path, name, value });
    }
  }
}
