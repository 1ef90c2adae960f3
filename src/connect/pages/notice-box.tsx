import type { Notice } from "../redirect-notices.js";

/** Shows a notice. A bad notice takes the focus, so that nobody misses it. */
export function NoticeBox({ notice }: { notice: Notice }) {
  const { tone, heading, text, detail } = notice;
  return (
    <div
      class={`notice notice-${tone}`}
      role={tone === "bad" ? "alert" : "status"}
      tabindex={tone === "bad" ? -1 : undefined}
      autofocus={tone === "bad"}
    >
      <p class="notice-heading">{heading}</p>
      {text && <p>{text}</p>}
      {detail && <p class="notice-detail">Details: {detail}</p>}
    </div>
  );
}
