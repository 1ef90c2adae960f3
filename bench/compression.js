import { contest, ratiosOf } from "./contest.js";
import { PAGE_OF_CONTACTS } from "./operations.js";
import { median, middleHalf } from "./statistics.js";

/**
 * (f) Bytes and CPU of a page of 100 contacts with everything that the CRM returned, compressed and not. The server is asked in
 * each encoding in turn, and says how much CPU all of its threads have used.
 */
export async function measureCompression({ crmesh, client }, report, { rounds, queries }) {
  const body = JSON.stringify(PAGE_OF_CONTACTS);
  const bytes = {};
  const encodings = ["identity", "gzip", "br"];
  const contestants = encodings.map((encoding) => ({
    server: crmesh,
    post: async () => (bytes[encoding] = (await client.postForBytes(body, { "accept-encoding": encoding })).length),
  }));
  const measured = await contest(contestants, { rounds, queries, clients: 1, warmUp: 1 });
  report.heading("(f) Compression of a page of 100 contacts with their raw fields at HubSpot");
  report.table(
    ["encoding", "bytes", "share", "CPU ÷ uncompressed, median of the rounds", "middle half"],
    encodings.map((encoding, index) => {
      const ratios = ratiosOf(measured[index], measured[0]);
      const share = `${((bytes[encoding] / bytes.identity) * 100).toFixed(1)} %`;
      return [encoding, bytes[encoding], share, median(ratios).toFixed(2), middleHalf(ratios, 2)];
    }),
  );
}
