import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { SessionView } from "../session-view.js";
import { Layout, type PageAssets } from "./layout.js";
import { Mark } from "./mark.js";
import { NoticeBox } from "./notice-box.js";
import type { Notice } from "../redirect-notices.js";

export function ProviderListPage(props: { view: SessionView; notice: Notice | null; assets: PageAssets }) {
  const { view, notice, assets } = props;
  return (
    <Layout title={`Connect your CRM – ${view.workspaceName}`} assets={assets} testMode={view.testMode}>
      <h1>Connect your CRM</h1>
      <p class="lead">
        <strong>{view.workspaceName}</strong> asks for access to your CRM. Choose the one you use.
      </p>
      {notice && <NoticeBox notice={notice} />}
      {view.providers.length === 0 ? (
        <p class="empty">You cannot connect a CRM yet. Please contact the support of {view.workspaceName}.</p>
      ) : (
        <ul class="providers">
          {view.providers.map((provider) => (
            <Row key={provider.slug} view={view} provider={provider} />
          ))}
        </ul>
      )}
      <p class="way-out">
        <a href={view.paths.cancel}>{view.hasConnections ? "Done" : "Cancel"}</a>
      </p>
    </Layout>
  );
}

function Row({ view, provider }: { view: SessionView; provider: Provider }) {
  const { slug, name } = provider;
  const connection = view.connectionTo(provider);
  const isBroken = connection?.status === "NEEDS_REAUTH";
  return (
    <li class="provider">
      <Mark name={name} />
      <div>
        <h2>{name}</h2>
        <State connection={connection} />
      </div>
      <a class={connection && !isBroken ? "button quiet" : "button"} href={view.paths.provider(slug)}>
        {connection ? "Reconnect" : "Connect"}
        <span class="unseen"> {name}</span>
      </a>
      {connection && (
        <a class="disconnect" href={view.paths.disconnect(slug)}>
          Disconnect<span class="unseen"> {name}</span>
        </a>
      )}
    </li>
  );
}

function State({ connection }: { connection: ConnectionRecord | null }) {
  if (!connection) return <p class="state">Not connected</p>;
  if (connection.status === "NEEDS_REAUTH") return <p class="state state-bad">You need to reconnect</p>;
  return (
    <p class="state state-good">
      Connected
      {connection.accountName && (
        <span class="account">
          <span class="unseen">to </span>
          {connection.accountName}
        </span>
      )}
    </p>
  );
}
