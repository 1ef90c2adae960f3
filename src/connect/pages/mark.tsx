const TINTS = 6;

/** The initials of a CRM or workspace in a colour derived from its name. Decorative: the name stands beside it. */
export function Mark({ name }: { name: string }) {
  const letters = [...name.trim()].slice(0, 2).join("");
  const hash = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) >>> 0, 7);
  return (
    <span class={`mark mark-${hash % TINTS}`} aria-hidden="true">
      {letters.charAt(0).toUpperCase() + letters.slice(1)}
    </span>
  );
}

/** The marks of the workspace that requests access, and of the CRM. */
export function MarkPair({ workspace, provider }: { workspace: string; provider: string }) {
  return (
    <p class="mark-pair" aria-hidden="true">
      <Mark name={workspace} />
      <span class="mark-link" />
      <Mark name={provider} />
    </p>
  );
}
