/** Colours. Text has a contrast of at least 4.5 to 1 with its background, and borders of controls 3 to 1. */
export const THEME = `
:root {
  color-scheme: light dark;
  --background: #f3f5f8;
  --card: #ffffff;
  --ink: #171b26;
  --soft: #545d6e;
  --line: #dde2ea;
  --field-line: #7d8799;
  --accent: #2447b8;
  --accent-strong: #1b3793;
  --on-accent: #ffffff;
  --quiet: #eef1f7;
  --quiet-strong: #e2e7f1;
  --good: #0f6b41;
  --good-background: #e7f5ee;
  --bad: #a8201a;
  --bad-background: #fdeeed;
  --warning: #7a4b00;
  --warning-background: #fdf3df;
  --shadow: 0 1px 2px rgb(23 27 38 / 6%), 0 12px 32px -8px rgb(23 27 38 / 12%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --background: #0e1118;
    --card: #171b25;
    --ink: #eef1f6;
    --soft: #a9b2c3;
    --line: #2b3242;
    --field-line: #77829a;
    --accent: #9db6ff;
    --accent-strong: #bccdff;
    --on-accent: #0d1630;
    --quiet: #232939;
    --quiet-strong: #2e3649;
    --good: #7fd8ab;
    --good-background: #14291f;
    --bad: #ffaba3;
    --bad-background: #321a1a;
    --warning: #f3c66f;
    --warning-background: #2d2413;
    --shadow: none;
  }
}
`;
