import type { ComponentChildren } from "preact";
import type { PageReport } from "./report.js";

/** Paths of the files that a page loads, all from our own origin. */
export interface PageAssets {
  stylesheet: string;
  icon: string;
  /** Null if the browser scripts were not built. */
  script: string | null;
}

export interface LayoutProps {
  title: string;
  assets: PageAssets;
  /** True for connections to the sandbox CRMs. */
  testMode?: boolean;
  report?: PageReport | null;
  /** True to tell how access is stored. False on pages where no access is given. */
  hasPromise?: boolean;
  children: ComponentChildren;
}

/** The frame of every page. It has no navigation, because each page has one action and one way to leave. */
export function Layout({ title, assets, testMode = false, report = null, hasPromise = true, children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="stylesheet" href={assets.stylesheet} />
        <link rel="icon" type="image/svg+xml" href={assets.icon} />
        {assets.script && <script src={assets.script} defer />}
      </head>
      <body>
        {testMode && (
          <header class="test-mode">
            <p>
              <strong>Test mode:</strong> sandbox CRMs, no real data
            </p>
          </header>
        )}
        <main>{children}</main>
        <footer>
          {hasPromise && (
            <p>
              <Lock /> Your access is stored encrypted. You can end it at any time.
            </p>
          )}
          <p>Connect by crmesh</p>
        </footer>
        {report && <div hidden data-report={JSON.stringify(report.message)} data-opener={report.openerOrigin} />}
      </body>
    </html>
  );
}

function Lock() {
  return (
    <svg class="lock" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
      <rect x="3" y="7" width="10" height="7" rx="1.5" fill="currentColor" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="currentColor" stroke-width="1.6" />
    </svg>
  );
}
