import type { Provider } from "../../providers/contract/contract.js";
import { formFields } from "../form-fields.js";
import type { Notice } from "../notices.js";
import type { Visit } from "../visit.js";
import { CredentialForm, type FormState } from "./credential-form.js";
import { ErrorSummary } from "./error-summary.js";
import { Layout, type PageAssets } from "./layout.js";
import { MarkPair } from "./mark.js";
import { NoticeBox } from "./notice-box.js";
import { OAuthChoice } from "./oauth-choice.js";

export interface ProviderPageProps {
  visit: Visit;
  provider: Provider;
  notice: Notice | null;
  form: FormState;
  assets: PageAssets;
}

/** One CRM: what giving access means, and the way to give it. */
export function ProviderPage({ visit, provider, notice, form, assets }: ProviderPageProps) {
  const { name } = provider;
  const connection = visit.connectionTo(provider);
  const question = provider.oauth?.question;
  const answer = question && form.answered ? form.values[question.field.name] : undefined;
  const heading = `${connection ? "Reconnect" : "Connect"} ${name}`;
  const hasProblem = notice?.tone === "bad" || Object.keys(form.problems).length > 0;
  return (
    <Layout
      title={`${hasProblem ? "Problem: " : ""}${heading} – ${visit.workspaceName}`}
      assets={assets}
      testMode={visit.testMode}
    >
      <MarkPair asker={visit.workspaceName} provider={name} />
      <h1>{heading}</h1>
      <ErrorSummary fields={formFields(provider)} problems={form.problems} />
      {notice && <NoticeBox notice={notice} />}
      {connection?.status === "NEEDS_REAUTH" && !hasProblem && (
        <p class="notice notice-warning">
          {name} no longer lets {visit.workspaceName} in. Nothing is lost. Reconnect to continue.
        </p>
      )}
      <p class="lead">
        <strong>{visit.workspaceName}</strong> asks for access to{" "}
        {visit.endUserName === null ? (
          <>your {name} account.</>
        ) : (
          <>
            the {name} account of <strong>{visit.endUserName}</strong>.
          </>
        )}
      </p>
      {connection?.status === "ACTIVE" && (
        <p class="lead">
          It is connected
          {connection.accountName ? (
            <>
              {" "}
              to <strong>{connection.accountName}</strong>
            </>
          ) : null}{" "}
          already. Reconnecting replaces that access.
        </p>
      )}
      {provider.oauth && (!question || answer !== undefined) ? (
        <OAuthChoice visit={visit} provider={provider} oauth={provider.oauth} answer={answer} />
      ) : (
        <CredentialForm visit={visit} provider={provider} state={form} />
      )}
      <p class="way-out">
        {visit.isForOneProvider ? null : <a href={visit.links.home}>Choose another CRM</a>}
        {connection && visit.isForOneProvider ? <a href={visit.links.disconnect(provider.slug)}>Disconnect</a> : null}
        <a href={visit.links.cancel}>Cancel</a>
      </p>
    </Layout>
  );
}
