import type { Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Notice } from "../notices.js";
import type { Visit } from "../visit.js";
import { Layout, type PageAssets } from "./layout.js";
import { MarkPair } from "./mark.js";
import { NoticeBox } from "./notice-box.js";

export function DisconnectPage(props: {
  visit: Visit;
  provider: Provider;
  connection: ConnectionRecord;
  notice: Notice | null;
  assets: PageAssets;
}) {
  const { visit, provider, connection, notice, assets } = props;
  const { name, slug } = provider;
  return (
    <Layout title={`Disconnect ${name}? – ${visit.workspaceName}`} assets={assets} testMode={visit.testMode}>
      <MarkPair asker={visit.workspaceName} provider={name} />
      <h1>Disconnect {name}?</h1>
      {notice && <NoticeBox notice={notice} />}
      <p class="lead">
        <strong>{visit.workspaceName}</strong> will no longer be able to read or change anything in{" "}
        {connection.accountName ? <strong>{connection.accountName}</strong> : <>your {name} account</>}.
      </p>
      <p>Nothing is deleted in {name}. You can connect it again later.</p>
      <form method="post" action={visit.links.disconnect(slug)}>
        <p class="actions">
          <button class="button main danger" type="submit">
            Disconnect {name}
          </button>
        </p>
        <p class="busy" role="status" data-busy="Disconnecting…" />
      </form>
      <p class="way-out">
        <a href={visit.isForOneProvider ? visit.links.provider(slug) : visit.links.home}>Keep the connection</a>
      </p>
    </Layout>
  );
}
