/** The parts of the pages: marks, lists, notices, forms, buttons. */
export const PARTS = `
.mark {
  flex: none;
  display: inline-grid;
  place-items: center;
  width: 2.75rem;
  height: 2.75rem;
  border-radius: 0.8rem;
  background: var(--tint);
  color: #fff;
  font-weight: 650;
  letter-spacing: 0.01em;
}
.mark-0 { --tint: #3457c9; }
.mark-1 { --tint: #0f766e; }
.mark-2 { --tint: #9a3a8f; }
.mark-3 { --tint: #b4491b; }
.mark-4 { --tint: #0b6aa2; }
.mark-5 { --tint: #5b4bb7; }
.mark-pair { display: flex; align-items: center; gap: 0.625rem; }
.mark-link { width: 2rem; border-top: 3px dotted var(--field-line); }
.mark-pair + h1 { margin-top: 1.25rem; }

.providers { margin: 1.5rem 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.provider {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr) auto;
  align-items: center;
  column-gap: 0.875rem;
  padding: 1.125rem 0;
  border-bottom: 1px solid var(--line);
}
.provider > .disconnect { grid-column: 2 / -1; justify-self: start; }
.disconnect { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--soft); font-size: 0.9375rem; }
.disconnect:hover { color: var(--bad); }
.provider:has(.disconnect) { padding-bottom: 0.375rem; }
.state { color: var(--soft); font-size: 0.9375rem; }
.state-good::before, .state-bad::before {
  content: "";
  display: inline-block;
  width: 0.5rem;
  height: 0.5rem;
  margin-inline-end: 0.4rem;
  border-radius: 50%;
  background: currentColor;
  vertical-align: 0.08em;
}
.state-good { color: var(--good); }
.state-bad { color: var(--bad); }
.account { display: block; color: var(--soft); }
.empty { padding: 1.25rem; border-radius: 0.75rem; background: var(--quiet); }

.steps { padding-inline-start: 0; list-style: none; counter-reset: step; display: grid; gap: 0.75rem; }
.steps li { counter-increment: step; position: relative; padding-inline-start: 2.5rem; }
.steps li::before {
  content: counter(step);
  position: absolute;
  inset-inline-start: 0;
  width: 1.625rem;
  height: 1.625rem;
  border-radius: 50%;
  background: var(--quiet);
  color: var(--ink);
  font-size: 0.875rem;
  font-weight: 600;
  line-height: 1.625rem;
  text-align: center;
}
main > .steps { margin-top: 1.5rem; }
main > .other-servers { margin-top: 1.5rem; }
.other-servers ul { padding: 0; list-style: none; }
.other-servers a { display: inline-flex; align-items: center; min-height: 2.75rem; }

.notice {
  padding: 0.875rem 1rem;
  border: 1px solid color-mix(in srgb, currentColor 40%, transparent);
  border-radius: 0.75rem;
}
.notice > * { color: var(--ink); }
.notice .notice-heading { color: inherit; font-size: 1rem; font-weight: 600; }
.notice ul { margin-top: 0.25rem; padding-inline-start: 1.25rem; }
.notice li a { display: inline-block; vertical-align: top; padding-block: 0.25rem; color: inherit; }
.notice-detail { margin-top: 0.5rem; font-size: 0.9375rem; }
.notice-neutral > .notice-heading { color: var(--ink); }
.notice-neutral { background: var(--quiet); color: var(--soft); }
.notice-good { background: var(--good-background); color: var(--good); }
.notice-bad { background: var(--bad-background); color: var(--bad); }
.notice-warning { background: var(--warning-background); color: var(--warning); }

form { display: grid; gap: 1.125rem; }
main > form { margin-top: 1.5rem; }
label { display: block; font-weight: 600; }
.optional { color: var(--soft); font-weight: 400; }
.field-hint { color: var(--soft); font-size: 0.875rem; }
.sample { color: var(--ink); user-select: all; }
.field-problem { color: var(--bad); font-size: 0.9375rem; }
input {
  width: 100%;
  min-height: 2.75rem;
  margin-top: 0.375rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--field-line);
  border-radius: 0.625rem;
  background: var(--card);
  color: inherit;
  font: inherit;
}
input:focus-visible { outline-offset: 1px; border-radius: 0.625rem; }
.field-bad input { border: 2px solid var(--bad); }

.actions { display: grid; }
main > .actions { margin-top: 1.75rem; }
.button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  min-height: 2.75rem;
  padding: 0.5rem 1.125rem;
  border: 1px solid transparent;
  border-radius: 0.75rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.button:hover { background: var(--accent-strong); color: var(--on-accent); }
.button:focus-visible { border-radius: 0.75rem; }
.button.main { min-height: 3.125rem; }
.button.quiet { background: var(--quiet); color: var(--ink); }
.button.quiet:hover { background: var(--quiet-strong); color: var(--ink); }
.button.danger { background: var(--bad); color: var(--card); }
.button.danger:hover { text-decoration: underline; }
.button[aria-disabled] { opacity: 0.65; cursor: progress; }
.busy { color: var(--soft); text-align: center; font-size: 0.9375rem; }
.busy:empty { margin-top: -1.125rem; }

.way-out { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 1.5rem; }
.way-out a { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 0.25rem; color: var(--soft); }
.way-out a:hover { color: var(--ink); }

.result { display: grid; justify-items: center; gap: 0.75rem; padding: 0.5rem 0 1rem; text-align: center; }
.result h1 { margin-top: 0.5rem; }
.sign circle { fill: var(--sign-background); }
.sign path { fill: none; stroke: var(--sign-ink); stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
.sign-good { --sign-background: var(--good-background); --sign-ink: var(--good); }
.sign-neutral { --sign-background: var(--quiet); --sign-ink: var(--soft); }
.sign-warning { --sign-background: var(--warning-background); --sign-ink: var(--warning); }
.sign-bad { --sign-background: var(--bad-background); --sign-ink: var(--bad); }
@media (forced-colors: active) {
  .button { border-color: ButtonText; }
  .notice, .empty { border: 1px solid CanvasText; }
}
`;
