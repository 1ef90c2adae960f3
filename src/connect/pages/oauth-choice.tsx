import type { Provider } from "../../providers/contract/contract.js";
import { serverOf, type OAuthDefinition } from "../../providers/contract/oauth.js";
import type { SessionView } from "../session-view.js";
import { CredentialForm, type FormState } from "./credential-form.js";

/**
 * Links to the CRM's consent page. A form would not work: browsers apply the page's `form-action` to the redirects after
 * it.
 */
export function OAuthChoice(props: {
  view: SessionView;
  provider: Provider;
  oauth: OAuthDefinition;
  /** The value of the field before the consent page. */
  answer: string | undefined;
  form: FormState;
}) {
  const { view, provider, oauth, answer, form } = props;
  const { slug, name } = provider;
  const [main, ...others] = oauth.servers;
  const own = oauth.ownServers && answer;
  // If the callback names the server, the CRM chooses it, and the end user need not.
  const hasChoice = others.length > 0 && oauth.serverParameter === undefined && !own;
  const [server, given] = own ? [own, undefined] : [main.id, answer];
  return (
    <>
      <ol class="steps">
        {view.testMode ? (
          <li>The sandbox’s imitation of {name} opens. It asks for the name of an account and no password.</li>
        ) : (
          <li>
            You sign in at {name}. Your password stays between you and {name}.
          </li>
        )}
        <li>{name} shows you the requested access. Allow or deny it.</li>
        <li>You return to this page.</li>
      </ol>
      <p class="actions">
        <a class="button main" href={view.paths.authorize(slug, server, given)}>
          Continue to {name}
          {own ? ` (${serverOf(oauth, own).label})` : null}
        </a>
      </p>
      {hasChoice && (
        <section class="other-servers" aria-labelledby="other-servers">
          <h2 id="other-servers">Is your account on another server?</h2>
          <ul>
            {others.map(({ id, label }) => (
              <li key={id}>
                <a href={view.paths.authorize(slug, id, answer)}>
                  Continue to {name} ({label})
                </a>
              </li>
            ))}
          </ul>
          {oauth.ownServers && <CredentialForm view={view} provider={provider} state={form} />}
        </section>
      )}
    </>
  );
}
