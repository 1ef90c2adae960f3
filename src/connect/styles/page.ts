/** The page, its frame and its text. */
export const PAGE = `
*, *::before, *::after { box-sizing: border-box; }
body, h1, h2, p, ul, ol { margin: 0; }
html { -webkit-text-size-adjust: 100%; }
body {
  min-height: 100vh;
  min-height: 100svh;
  display: flex;
  flex-direction: column;
  align-items: center;
  background: var(--background);
  color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  overflow-wrap: anywhere;
}
.test-mode {
  width: 100%;
  padding: 0.5rem 1.25rem;
  background: var(--warning-background);
  color: var(--warning);
  text-align: center;
  font-size: 0.875rem;
}
main {
  width: 100%;
  max-width: 32rem;
  padding: 2rem 1.25rem 1.25rem;
  background: var(--card);
}
footer {
  width: 100%;
  max-width: 32rem;
  padding: 1.25rem;
  color: var(--soft);
  font-size: 0.8125rem;
  text-align: center;
}
footer .lock { vertical-align: -0.1em; margin-inline-end: 0.125rem; }
footer p + p { margin-top: 0.25rem; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.015em; font-weight: 650; text-wrap: balance; }
h2 { font-size: 1rem; line-height: 1.4; font-weight: 600; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:hover { color: var(--accent-strong); }
strong { font-weight: 600; }
code { font: 0.875em ui-monospace, "SF Mono", Consolas, monospace; }
main > * + * { margin-top: 1rem; }
.lead { color: var(--soft); }
.lead strong { color: var(--ink); }
.fine-print { color: var(--soft); font-size: 0.875rem; }
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 0.25rem; }
.notice:focus { outline: 2px solid currentColor; outline-offset: 2px; border-radius: 0.75rem; }
@media (max-width: 35.99rem) {
  main { flex: 1 0 auto; max-width: none; border-bottom: 1px solid var(--line); }
}
@media (min-width: 36rem) {
  main {
    margin-top: clamp(1.5rem, 9vh, 6rem);
    padding: 2.5rem 2.5rem 1.75rem;
    border: 1px solid var(--line);
    border-radius: 1.25rem;
    box-shadow: var(--shadow);
  }
}
@media (prefers-reduced-motion: no-preference) {
  a, .button, input { transition: background-color 0.12s, border-color 0.12s, color 0.12s; }
}
`;
