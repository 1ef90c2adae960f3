import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Notice } from "../redirect-notices.js";
import type { SessionView } from "../session-view.js";
import { Layout, type PageAssets } from "./layout.js";
import { MarkPair } from "./mark.js";
import { NoticeBox } from "./notice-box.js";

export function DisconnectPage(props: {
  view: SessionView;
  provider: Provider;
  connection: ConnectionRecord;
  notice: Notice | null;
  assets: PageAssets;
}) {
  const { view, provider, connection, notice, assets } = props;
  const { name, slug } = provider;
  return (
    <Layout title={`Disconnect ${name}? – ${view.workspaceName}`} assets={assets} testMode={view.testMode}>
      <MarkPair workspace={view.workspaceName} provider={name} />
      <h1>Disconnect {name}?</h1>
      {notice && <NoticeBox notice={notice} />}
      <p class="lead">
        <strong>{view.workspaceName}</strong> will no longer be able to read or change anything in{" "}
        {connection.accountName ? <strong>{connection.accountName}</strong> : <>your {name} account</>}.
      </p>
      <p>Nothing is deleted in {name}. You can connect it again later.</p>
      <form method="post" action={view.paths.disconnect(slug)}>
        <p class="actions">
          <button class="button main danger" type="submit">
            Disconnect {name}
          </button>
        </p>
        <p class="busy" role="status" data-busy="Disconnecting…" />
      </form>
      <p class="way-out">
        <a href={view.isForOneProvider ? view.paths.provider(slug) : view.paths.home}>Keep the connection</a>
      </p>
    </Layout>
  );
}
