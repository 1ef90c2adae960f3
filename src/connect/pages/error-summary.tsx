import type { CredentialField } from "../../providers/contract/contract.js";
import { fieldId } from "./credential-form.js";

/** Lists the form's problems, with a link to each field. It takes the focus. */
export function ErrorSummary(props: {
  fields: readonly CredentialField[];
  problems: Readonly<Record<string, string>>;
}) {
  const bad = props.fields.filter(({ name }) => props.problems[name] !== undefined);
  if (bad.length === 0) return null;
  return (
    <div class="notice notice-bad" role="alert" tabindex={-1} autofocus aria-labelledby="summary-heading">
      <h2 class="notice-heading" id="summary-heading">
        Check what you entered
      </h2>
      <ul>
        {bad.map(({ name, label }) => (
          <li key={name}>
            <a href={`#${fieldId(name)}`}>
              {label}: {props.problems[name]}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
