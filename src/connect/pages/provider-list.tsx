import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Visit } from "../visit.js";
import { Layout, type PageAssets } from "./layout.js";
import { Mark } from "./mark.js";
import { NoticeBox } from "./notice-box.js";
import type { Notice } from "../notices.js";

export function ProviderListPage(props: { visit: Visit; notice: Notice | null; assets: PageAssets }) {
  const { visit, notice, assets } = props;
  return (
    <Layout title={`Connect your CRM – ${visit.workspaceName}`} assets={assets} testMode={visit.testMode}>
      <h1>Connect your CRM</h1>
      <p class="lead">
        <strong>{visit.workspaceName}</strong> asks for access to your CRM. Choose the one you use.
      </p>
      {notice && <NoticeBox notice={notice} />}
      {visit.providers.length === 0 ? (
        <p class="empty">There is no CRM to choose from yet. Please contact the support of {visit.workspaceName}.</p>
      ) : (
        <ul class="providers">
          {visit.providers.map((provider) => (
            <Row key={provider.slug} visit={visit} provider={provider} />
          ))}
        </ul>
      )}
      <p class="way-out">
        <a href={visit.links.cancel}>{visit.hasConnections ? "Done" : "Cancel"}</a>
      </p>
    </Layout>
  );
}

function Row({ visit, provider }: { visit: Visit; provider: Provider }) {
  const { slug, name } = provider;
  const connection = visit.connectionTo(provider);
  const isBroken = connection?.status === "NEEDS_REAUTH";
  return (
    <li class="provider">
      <Mark name={name} />
      <div>
        <h2>{name}</h2>
        <State connection={connection} />
      </div>
      <a class={connection && !isBroken ? "button quiet" : "button"} href={visit.links.provider(slug)}>
        {connection ? "Reconnect" : "Connect"}
        <span class="unseen"> {name}</span>
      </a>
      {connection && (
        <a class="disconnect" href={visit.links.disconnect(slug)}>
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
