import type { CredentialField, Provider } from "../../providers/contract/contract.js";
import { askedField, formFields } from "../form-fields.js";
import type { SessionView } from "../session-view.js";

/** The values that the end user entered before, and their problems. Secrets are never sent back. */
export interface FormState {
  values: Readonly<Record<string, string>>;
  /** Field name → its problem. */
  problems: Readonly<Record<string, string>>;
  /** True after the end user has given a valid answer to the OAuth question. */
  answered?: boolean;
}

/** URLs, logins and database names: no keyboard should correct them. */
const PLAIN_TEXT = { type: "text", autocapitalize: "none", spellcheck: false } as const;

export const fieldId = (name: string): string => `field-${name}`;

export function CredentialForm({ view, provider, state }: { view: SessionView; provider: Provider; state: FormState }) {
  const asked = askedField(provider);
  const isMain = provider.oauth?.ownServers === undefined;
  const sandboxValues = view.sandboxCredential(provider);
  return (
    <form method="post" action={view.paths.provider(provider.slug)} novalidate>
      {formFields(provider).map((field) => (
        <Field
          key={field.name}
          field={field}
          value={field.secret ? "" : (state.values[field.name] ?? "")}
          problem={state.problems[field.name]}
          sandboxValue={sandboxValues?.[field.name]}
        />
      ))}
      {!asked && (
        <p class="fine-print">Before these details are saved, one request to {provider.name} verifies them.</p>
      )}
      <p class="actions">
        <button class={isMain ? "button main" : "button quiet"} type="submit">
          {asked ? "Continue" : `Connect ${provider.name}`}
        </button>
      </p>
      <p class="busy" role="status" data-busy={asked ? "One moment…" : `Checking with ${provider.name}…`} />
    </form>
  );
}

function Field(props: {
  field: CredentialField;
  value: string;
  problem: string | undefined;
  /** The value that the sandbox CRM accepts. Undefined for real CRMs. */
  sandboxValue: string | undefined;
}) {
  const { value, problem, sandboxValue } = props;
  const { name, label, hint, secret, required } = props.field;
  const id = fieldId(name);
  const describedBy = [
    hint ? `${id}-hint` : "",
    sandboxValue ? `${id}-sandbox` : "",
    problem ? `${id}-problem` : "",
  ].filter(Boolean);
  return (
    <div class={problem ? "field field-bad" : "field"}>
      <label for={id}>
        {label}
        {!required && <span class="optional"> (optional)</span>}
      </label>
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {sandboxValue && (
        <p class="field-hint" id={`${id}-sandbox`}>
          In test mode, enter <code class="sample">{sandboxValue}</code>
        </p>
      )}
      {problem && (
        <p class="field-problem" id={`${id}-problem`}>
          <span class="unseen">Problem: </span>
          {problem}
        </p>
      )}
      <input
        {...(secret ? { type: "password" } : PLAIN_TEXT)}
        id={id}
        name={name}
        value={value}
        required={required}
        // The credentials belong to the CRM. The browser would fill in those of this site.
        autocomplete="off"
        {...(problem ? { "aria-invalid": true } : {})}
        {...(describedBy.length > 0 ? { "aria-describedby": describedBy.join(" ") } : {})}
      />
    </div>
  );
}
