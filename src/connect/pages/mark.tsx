const TINTS = 6;

/** A CRM’s or a workspace’s sign: initials in a tint that follows from the name. Says nothing that the name beside it does not. */
export function Mark({ name }: { name: string }) {
  const letters = [...name.trim()].slice(0, 2).join("");
  const hash = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) >>> 0, 7);
  return (
    <span class={`mark mark-${hash % TINTS}`} aria-hidden="true">
      {letters.charAt(0).toUpperCase() + letters.slice(1)}
    </span>
  );
}

/** Who asks, and whose access is asked for. */
export function MarkPair({ asker, provider }: { asker: string; provider: string }) {
  return (
    <p class="mark-pair" aria-hidden="true">
      <Mark name={asker} />
      <span class="mark-link" />
      <Mark name={provider} />
    </p>
  );
}
