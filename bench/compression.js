import { PAGE_OF_CONTACTS } from "./operations.js";
import { median, middleHalf } from "./statistics.js";

/**
 * (f) Bytes and CPU of a page of 100 contacts with everything that the CRM returned, compressed and not. The server is asked in
 * each encoding in turn, and says how much CPU all of its threads have used.
 */
export async function measureCompression({ crmesh, client }, report, { rounds, queries }) {
  const body = JSON.stringify(PAGE_OF_CONTACTS);
  const contestants = ["identity", "gzip", "br"].map((encoding) => ({ encoding, bytes: 0, cpu: [] }));
  // The first round warms the process up and is not counted.
  for (let round = -1; round < rounds; round += 1) {
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
      const before = await crmesh.ask("usage");
      for (let query = 0; query < queries; query += 1) {
        contestant.bytes = (await client.postForBytes(body, { "accept-encoding": contestant.encoding })).length;
      }
      const after = await crmesh.ask("usage");
      if (round >= 0) contestant.cpu.push((after.cpuMs - before.cpuMs) / queries);
    }
  }
  const [plain] = contestants;
  report.heading("(f) Compression of a page of 100 contacts with their raw fields at HubSpot");
  report.table(
    ["encoding", "bytes", "share", "CPU ÷ uncompressed, median of the rounds", "middle half"],
    contestants.map(({ encoding, bytes, cpu }) => {
      const ratios = cpu.map((ms, round) => ms / plain.cpu[round]);
      const share = `${((bytes / plain.bytes) * 100).toFixed(1)} %`;
      return [encoding, bytes, share, median(ratios).toFixed(2), middleHalf(ratios, 2)];
    }),
  );
}
