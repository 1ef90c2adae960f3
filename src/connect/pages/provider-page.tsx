import type { Provider } from "../../providers/contract/contract.js";
import { askedField, formFields } from "../form-fields.js";
import type { Notice } from "../redirect-notices.js";
import type { SessionView } from "../session-view.js";
import { CredentialForm, type FormState } from "./credential-form.js";
import { ErrorSummary } from "./error-summary.js";
import { Layout, type PageAssets } from "./layout.js";
import { MarkPair } from "./mark.js";
import { NoticeBox } from "./notice-box.js";
import { OAuthChoice } from "./oauth-choice.js";

export interface ProviderPageProps {
  view: SessionView;
  provider: Provider;
  notice: Notice | null;
  form: FormState;
  assets: PageAssets;
}

/** The page of one CRM: explains the access, and lets the end user give it. */
export function ProviderPage({ view, provider, notice, form, assets }: ProviderPageProps) {
  const { name } = provider;
  const connection = view.connectionTo(provider);
  const asked = askedField(provider);
  const answer = asked && form.answered ? form.values[asked.name] : undefined;
  const heading = `${connection ? "Reconnect" : "Connect"} ${name}`;
  const hasProblem = notice?.tone === "bad" || Object.keys(form.problems).length > 0;
  return (
    <Layout
      title={`${hasProblem ? "Problem: " : ""}${heading} – ${view.workspaceName}`}
      assets={assets}
      testMode={view.testMode}
    >
      <MarkPair workspace={view.workspaceName} provider={name} />
      <h1>{heading}</h1>
      <ErrorSummary fields={formFields(provider)} problems={form.problems} />
      {notice && <NoticeBox notice={notice} />}
      {connection?.status === "NEEDS_REAUTH" && !hasProblem && (
        <p class="notice notice-warning">
          {view.workspaceName} no longer has access to {name}. Nothing is lost. Reconnect to continue.
        </p>
      )}
      <p class="lead">
        <strong>{view.workspaceName}</strong> asks for access to{" "}
        {view.endUserName === null ? (
          <>your {name} account.</>
        ) : (
          <>
            the {name} account of <strong>{view.endUserName}</strong>.
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
      {provider.oauth && (!provider.oauth.question || answer !== undefined) ? (
        <OAuthChoice view={view} provider={provider} oauth={provider.oauth} answer={answer} form={form} />
      ) : (
        <CredentialForm view={view} provider={provider} state={form} />
      )}
      <p class="way-out">
        {view.isForOneProvider ? null : <a href={view.paths.home}>Choose another CRM</a>}
        {connection && view.isForOneProvider && view.mayDisconnect ? (
          <a href={view.paths.disconnect(provider.slug)}>Disconnect</a>
        ) : null}
        <a href={view.paths.cancel}>Cancel</a>
      </p>
    </Layout>
  );
}
