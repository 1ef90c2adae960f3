import type { FastifyReply } from "fastify";
import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import { ACCOUNT_NAME } from "../kit/accounts.js";

/** The words and the colour of one CRM's pages. */
export interface PageWords {
  /** The CRM's name. */
  readonly crm: string;
  readonly allow: string;
  readonly deny: string;
  /** The colour of the buttons. White text must be readable on this colour. */
  readonly accent: string;
}

export interface ConsentPage {
  /** The key of the pending request. The form contains only this key, and none of the app's parameters. */
  readonly ticket: string;
  /** The descriptions of the requested scopes. */
  readonly scopes: readonly string[];
  /** The origin of the app, to which the answer goes. */
  readonly destination: string;
  readonly account: string;
  /** The fault of the entered account. */
  readonly problem: string | null;
}

const APP_NAME = "crmesh";
const GIVEN_MAX = 200;

const STYLE = `
:root { color-scheme: light dark; --text: #1f2933; --soft: #52606d; --page: #f5f7fa; --card: #fff; --line: #9aa5b1; --bad: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e7eb; --soft: #aab4c0; --page: #14181d; --card: #1f262e; --line: #616e7c; --bad: #ffb4ab }
}
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 30rem; margin: 4vh auto; padding: 1.5rem; background: var(--card); border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.25 }
p, ul { margin: .75rem 0 }
ul { padding-left: 1.25rem }
.soft { color: var(--soft); font-size: .875rem }
.bad { color: var(--bad) }
label { display: block; font-weight: 600 }
input { width: 100%; min-height: 2.75rem; margin-top: .25rem; padding: .5rem .75rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .5rem }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem }
button { flex: 1 1 10rem; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; border-radius: .5rem; border: 1px solid var(--accent); cursor: pointer }
button[value="allow"] { background: var(--accent); color: #fff }
button[value="deny"] { background: transparent; color: inherit; border-color: var(--line) }
:focus-visible { outline: 3px solid #3e8bff; outline-offset: 2px }
`;

/** Asks the user of an account for consent. */
export function consentPage(words: PageWords, page: ConsentPage): string {
  return document(
    words,
    `Connect ${APP_NAME} to ${words.crm}`,
    <>
      <p>{APP_NAME} asks for permission to:</p>
      <ul>
        {page.scopes.map((scope) => (
          <li key={scope}>{scope}</li>
        ))}
      </ul>
      {/* The same path without the query: the page has one path at the CRM and another one at crmesh. */}
      <form method="post" action="?">
        <input type="hidden" name="consent" value={page.ticket} />
        <label for="account">Account to connect</label>
        <input
          id="account"
          name="account"
          value={page.account}
          required
          maxLength={40}
          pattern={ACCOUNT_NAME}
          title="Small letters, digits and hyphens"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={page.problem === null ? "account-hint" : "account-problem account-hint"}
          aria-invalid={page.problem === null ? undefined : "true"}
        />
        {page.problem === null ? null : (
          <p id="account-problem" class="bad" role="alert">
            {page.problem}
          </p>
        )}
        <p id="account-hint" class="soft">
          Any name of small letters, digits and hyphens. Each account has made-up data of its own.
        </p>
        <div class="actions">
          <button type="submit" name="decision" value="allow">
            {words.allow}
          </button>
          <button type="submit" name="decision" value="deny" formNoValidate>
            {words.deny}
          </button>
        </div>
      </form>
      <p class="soft">Afterwards you return to {page.destination}.</p>
    </>,
  );
}

/** Shows the user that the request of the app was wrong. */
export function refusalPage(words: PageWords, message: string, given: string): string {
  return document(
    words,
    `${words.crm} could not connect ${APP_NAME}`,
    <>
      <p class="bad">{message}</p>
      {given === "" ? null : (
        <p class="soft">
          Given: <code>{given.slice(0, GIVEN_MAX)}</code>
        </p>
      )}
      <p>Nothing was connected. Go back to the app and try again.</p>
    </>,
  );
}

/** Shows that a form could not be read. Other errors are bugs. @throws the error if it is a bug */
export function sendFailure(reply: FastifyReply, words: PageWords, error: unknown): FastifyReply {
  const { statusCode = 500 } = error as { statusCode?: number };
  if (statusCode >= 500) throw error;
  return sendPage(reply, statusCode, refusalPage(words, "This form could not be read.", ""));
}

export function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return (
    reply
      .code(status)
      .type("text/html; charset=utf-8")
      // Has no `form-action`, because browsers also apply it to redirects after a form, and so to the app's own pages.
      .header(
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      )
      .header("x-frame-options", "DENY")
      .header("cache-control", "no-store")
      .header("referrer-policy", "no-referrer")
      .header("x-content-type-options", "nosniff")
      .send(page)
  );
}

function document(words: PageWords, title: string, content: ComponentChildren): string {
  const page = render(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} (sandbox)`}</title>
        <style dangerouslySetInnerHTML={{ __html: `${STYLE}:root { --accent: ${words.accent} }` }} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {content}
          <p class="soft">This is the sandbox’s imitation of {words.crm}: no real account is touched.</p>
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>\n${page}\n`;
}
