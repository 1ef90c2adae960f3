import type { ComponentChildren } from "preact";
import { Layout, type PageAssets } from "./layout.js";
import type { PageReport } from "./report.js";

type Tone = "good" | "neutral" | "warning" | "bad";

export interface ResultPageProps {
  tone: Tone;
  title: string;
  heading: string;
  assets: PageAssets;
  testMode?: boolean;
  report?: PageReport | null;
  hasPromise?: boolean;
  children: ComponentChildren;
}

/** A page with one result: connected, cancelled, or an error. */
export function ResultPage({ tone, title, heading, children, ...frame }: ResultPageProps) {
  return (
    <Layout title={title} {...frame}>
      <div class="result">
        <Sign tone={tone} />
        <h1>{heading}</h1>
        {children}
      </div>
    </Layout>
  );
}

const EXCLAMATION = "M16 9v8.5M16 22.5v.5";
const STROKES = { good: "M9 16.5l5 5 9.5-10", neutral: "M10 16h12", warning: EXCLAMATION, bad: EXCLAMATION };

function Sign({ tone }: { tone: Tone }) {
  return (
    <svg class={`sign sign-${tone}`} viewBox="0 0 32 32" width="56" height="56" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="16" />
      <path d={STROKES[tone]} />
    </svg>
  );
}
