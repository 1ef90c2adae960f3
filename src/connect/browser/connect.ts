/**
 * `connect.js`: opens Connect from a page of the customer's product. It is a classic script without module syntax, so that
 * one `<script src>` is enough. The namespace is its only global.
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
     * "cancelled": the end user pressed Cancel, or Done without having connected anything. "closed": the window was closed,
     * or the CRM's pages disconnected it from this page. A connection may exist all the same: ask your backend.
     */
    reason: "cancelled" | "closed";
  }

  export type FailureCode = "POPUP_BLOCKED" | "TOKEN_FAILED" | "TOKEN_EXPIRED" | "TOKEN_SPENT" | "TOKEN_INVALID";

  export interface Failure {
    code: FailureCode;
    message: string;
  }

  /** A value, or a function that fetches it. With a function, the window opens at once and waits. */
  export type Given = string | (() => Promise<string>);

  export interface ConnectOptions {
    /** The `token` (`ct_…`) that `createConnectToken` returned. Give this or `url`. */
    token?: Given;
    /** The `url` that `createConnectToken` returned, or the `reconnectUrl` of an error. */
    url?: Given;
    onSuccess?: (connected: Connected) => void;
    onExit?: (exit: Exit) => void;
    onError?: (failure: Failure) => void;
  }

  export interface Handle {
    /** Closes the window. No callback is called afterwards. */
    close(): void;
  }

  const WIDTH = 520;
  const HEIGHT = 740;
  const POLL_MS = 500;
  const OPTIONS = ["token", "url", "onSuccess", "onExit", "onError"];

  // The browser provides this only while the script itself runs.
  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  const origin = script?.src ? new URL(script.src).origin : null;

  /**
   * Opens Connect in a new window. Call it from a click handler, or the browser blocks the window. Exactly one callback is
   * called, once.
   * @throws TypeError for invalid options
   */
  export function connect(options: ConnectOptions): Handle {
    if (origin === null) {
      throw new Error("Crmesh.connect: load connect.js from crmesh with <script src>. Do not inline or bundle it.");
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

  /** Waits for the window's message, or for its end. Only the first of them calls a callback. */
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
      // Without onError, the window stays open: its page explains the error to the end user.
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
        // The window is still empty.
        if (!over) popup.close();
        fail(failure);
      },
      go: (url: string) => {
        if (!over) popup.location.replace(url);
      },
    };
  }

  /** Checks the options. Returns the URL, or a function that fetches it. */
  function checked(options: ConnectOptions, origin: string): string | (() => Promise<string>) {
    if (typeof options !== "object" || options === null)
      throw new TypeError("Crmesh.connect: expected an object with options.");
    for (const name of Object.keys(options)) {
      if (!OPTIONS.includes(name))
        throw new TypeError(`Crmesh.connect: unknown option “${name}”. The options are ${OPTIONS.join(", ")}.`);
    }
    const { token, url } = options;
    for (const name of ["onSuccess", "onExit", "onError"] as const) {
      const given: unknown = options[name];
      if (given !== undefined && typeof given !== "function") {
        throw new TypeError(`Crmesh.connect: “${name}” must be a function.`);
      }
    }
    if ((token === undefined) === (url === undefined)) {
      throw new TypeError("Crmesh.connect: give either “token” or “url”.");
    }
    const toUrl = (value: unknown) => (token === undefined ? urlOf(value, origin) : urlOfToken(value, origin));
    const given = token ?? url;
    return typeof given === "function" ? async () => toUrl(await given()) : toUrl(given);
  }

  function urlOfToken(token: unknown, origin: string): string {
    if (typeof token !== "string" || !token.startsWith("ct_")) {
      throw new TypeError("Crmesh.connect: “token” must be a token (ct_…) that createConnectToken returned.");
    }
    return urlOf(`${origin}/connect?token=${encodeURIComponent(token)}`, origin);
  }

  function urlOf(text: unknown, origin: string): string {
    const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : null;
    if (url?.origin !== origin || url.pathname !== "/connect") {
      throw new TypeError(`Crmesh.connect: “url” must be a Connect link of ${origin}, the origin of this script.`);
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
