import type { Provider } from "../../providers/contract/contract.js";
import type { OAuthDefinition } from "../../providers/contract/oauth.js";
import type { Visit } from "../visit.js";

/**
 * Links and not a form: the browser would hold the redirects that follow a form to the pages’ own `form-action`, and
 * they lead to the CRM.
 */
export function OAuthChoice(props: {
  visit: Visit;
  provider: Provider;
  oauth: OAuthDefinition;
  /** To what the CRM's OAuth asks first. */
  answer: string | undefined;
}) {
  const { visit, provider, oauth, answer } = props;
  const { slug, name } = provider;
  const [main, ...others] = oauth.servers;
  // A CRM that names the server at the end finds the right one by itself.
  const hasChoice = others.length > 0 && oauth.serverParameter === undefined;
  return (
    <>
      <ol class="steps">
        <li>
          You sign in at {name}. Your password stays between you and {name}.
        </li>
        <li>{name} shows you the requested access. Allow or deny it.</li>
        <li>You return to this page.</li>
      </ol>
      <p class="actions">
        <a class="button main" href={visit.links.authorize(slug, main.id, answer)}>
          Continue to {name}
        </a>
      </p>
      {hasChoice && (
        <section class="other-servers" aria-labelledby="other-servers">
          <h2 id="other-servers">Is your account on another server?</h2>
          <ul>
            {others.map(({ id, label }) => (
              <li key={id}>
                <a href={visit.links.authorize(slug, id, answer)}>
                  Continue to {name} ({label})
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
