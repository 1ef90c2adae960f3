/**
 * `connect.js`: opens Connect from a page of the customer's product. A classic script, compiled without module syntax, so
 * that one `<script src>` is all it takes; a namespace gives it its one global.
 */
// eslint-disable-next-line @typescript-eslint/no-namespace, @typescript-eslint/no-unused-vars
namespace Crmesh {
  /** The end user has connected a CRM. */
  export interface Connected {
    connectionId: string;
    /** The CRM's slug, e.g. "hubspot". */
    provider: string;
  }

  export interface Exit {
    /**
     * "cancelled": the end user pressed Cancel, or Done without having connected anything. "closed": the window is gone,
     * or the CRM's own pages cut the tie to this one; a connection may have been made nevertheless, so ask your backend.
     */
    reason: "cancelled" | "closed";
  }

  export type FailureCode = "POPUP_BLOCKED" | "TOKEN_FAILED" | "TOKEN_EXPIRED" | "TOKEN_SPENT" | "TOKEN_INVALID";

  export interface Failure {
    code: FailureCode;
    message: string;
  }

  /** A value, or a function that fetches it: the window then opens at the click and waits. */
  export type Given = string | (() => Promise<string>);

  export interface ConnectOptions {
    /** What `createConnectToken` answered as `token` (`ct_…`). Give this or `url`. */
    token?: Given;
    /** What it answered as `url`, or the `reconnectUrl` of an error. */
    url?: Given;
    onSuccess?: (connected: Connected) => void;
    onExit?: (exit: Exit) => void;
    onError?: (failure: Failure) => void;
  }

  export interface Handle {
    /** Closes the window; none of the callbacks is called any more. */
    close(): void;
  }

  const WIDTH = 520;
  const HEIGHT = 740;
  const POLL_MS = 500;
  const OPTIONS = ["token", "url", "onSuccess", "onExit", "onError"];

  // Known only while the script itself runs.
  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  const origin = script?.src ? new URL(script.src).origin : null;

  /**
   * Opens Connect in a window of its own. Call it from a click, or the browser blocks the window. One of the callbacks is
   * called, once.
   * @throws TypeError for options that cannot be right
   */
  export function connect(options: ConnectOptions): Handle {
    if (origin === null) {
      throw new Error("Crmesh.connect: load connect.js from crmesh with <script src>, neither inline nor bundled.");
    }
    const target = checked(options, origin);
    const given = typeof target === "string" ? target : "";
    const popup = window.open(given, "_blank", features());
    if (!popup) {
      options.onError?.({
        code: "POPUP_BLOCKED",
        message: "The browser blocked the window. Allow pop-ups and try again.",
      });
      return { close: () => undefined };
    }
    const watch = observe(popup, origin, options);
    if (typeof target !== "string") {
      target().then(
        (url) => watch.go(url),
        (reason: unknown) =>
          watch.fail({ code: "TOKEN_FAILED", message: reason instanceof Error ? reason.message : String(reason) }),
      );
    }
    return { close: watch.close };
  }

  /** Listens to the window and to its end; whichever of the callbacks comes first is the only one. */
  function observe(popup: Window, origin: string, options: ConnectOptions) {
    let over = false;
    const end = (close: boolean): boolean => {
      if (over) return false;
      over = true;
      clearInterval(poll);
      window.removeEventListener("message", listen);
      if (close) popup.close();
      return true;
    };
    const fail = (failure: Failure) => {
      // Where nobody takes the error, the page that explains it to the end user stays.
      if (end(options.onError !== undefined)) options.onError?.(failure);
    };
    const listen = (event: MessageEvent<unknown>) => {
      if (event.origin !== origin || event.source !== popup) return;
      const message = event.data as { source?: unknown; type?: unknown } | null;
      if (typeof message !== "object" || message?.source !== "crmesh") return;
      if (message.type === "success") {
        const { connectionId, provider } = message as unknown as Connected;
        if (end(true)) options.onSuccess?.({ connectionId, provider });
      } else if (message.type === "exit") {
        if (end(true)) options.onExit?.({ reason: "cancelled" });
      } else if (message.type === "error") {
        const { code, message: text } = message as unknown as Failure;
        fail({ code, message: text });
      }
    };
    const poll = setInterval(() => {
      if (popup.closed && end(false)) options.onExit?.({ reason: "closed" });
    }, POLL_MS);
    window.addEventListener("message", listen);
    return {
      close: () => void end(true),
      fail: (failure: Failure) => {
        // Nothing but an empty window is there to be seen.
        if (!over) popup.close();
        fail(failure);
      },
      go: (url: string) => {
        if (!over) popup.location.replace(url);
      },
    };
  }

  /** Where to go, or how to find out. */
  function checked(options: ConnectOptions, origin: string): string | (() => Promise<string>) {
    if (typeof options !== "object" || options === null) throw new TypeError("Crmesh.connect: give it an object.");
    for (const name of Object.keys(options)) {
      if (!OPTIONS.includes(name)) throw new TypeError(`Crmesh.connect: there is no option “${name}”.`);
    }
    const { token, url } = options;
    for (const name of ["onSuccess", "onExit", "onError"] as const) {
      const given: unknown = options[name];
      if (given !== undefined && typeof given !== "function") {
        throw new TypeError(`Crmesh.connect: “${name}” must be a function.`);
      }
    }
    if ((token === undefined) === (url === undefined)) {
      throw new TypeError("Crmesh.connect: give it either “token” or “url”.");
    }
    const toUrl = (value: unknown) => (token === undefined ? urlOf(value, origin) : urlOfToken(value, origin));
    const given = token ?? url;
    return typeof given === "function" ? async () => toUrl(await given()) : toUrl(given);
  }

  function urlOfToken(token: unknown, origin: string): string {
    if (typeof token !== "string" || !token.startsWith("ct_")) {
      throw new TypeError("Crmesh.connect: “token” must be what createConnectToken answered (ct_…).");
    }
    return urlOf(`${origin}/connect?token=${encodeURIComponent(token)}`, origin);
  }

  function urlOf(text: unknown, origin: string): string {
    const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : null;
    if (url?.origin !== origin || url.pathname !== "/connect") {
      throw new TypeError(`Crmesh.connect: “url” must be a Connect link of ${origin}, where this script comes from.`);
    }
    url.searchParams.set("origin", window.location.origin);
    return url.href;
  }

  function features(): string {
    const left = Math.max(0, Math.round(window.screenX + (window.outerWidth - WIDTH) / 2));
    const top = Math.max(0, Math.round(window.screenY + (window.outerHeight - HEIGHT) / 2));
    return `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`;
  }
}
