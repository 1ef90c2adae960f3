import { describe, expect, test } from "@jest/globals";
import { EDGE_TARGETS, type ResourceName } from "../../../src/providers/contract/model.js";
import type { ResourceContext } from "../ground.js";
import { needing } from "./needing.js";
import { adapterOf, edgeIds, everything, listAll, plainAdapterOf } from "../stage/adapter.js";
import { resourceOf } from "../subject.js";

export function describeEdges(context: ResourceContext): void {
  const { subject, resource } = context;
  const { edges } = resourceOf(subject, resource);
  if (edges.length === 0) return;

  describe("edges", () => {
    for (const edge of edges) needing(context, [`LINKS ${resource}.${edge}`], () => describeEdge(context, edge));
  });
}

function describeEdge({ subject, resource, ground }: ResourceContext, edge: string): void {
  const adapter = adapterOf(subject.provider, resource);
  const { partialEdges = [] } = resourceOf(subject, resource);

  test(`${edge} of every record are the records that the CRM links with it`, async () => {
    const { reader, world, stage } = ground();
    const truth = world.links[resource][edge]!;
    expect(truth.size).toBeGreaterThan(0);
    const select = new Set([edge]);
    const listed = stage.counting(resource, await listAll(adapter, reader.context, { select }));
    const unlisted = await adapter.get(reader.context, [...world.unlisted[resource].keys()], select);
    const records = [...listed, ...unlisted.values()];
    const loader = adapter.edges[edge];
    const read = new Map<string, readonly string[]>();
    const unknown: string[] = [];
    for (const { nativeId, links } of records) {
      if (links[edge]) read.set(nativeId, links[edge]);
      else unknown.push(nativeId);
    }
    const size = loader?.batchSize ?? Infinity;
    for (let start = 0; start < unknown.length; start += size) {
      const loaded = await loader!.load(reader.context, unknown.slice(start, start + size));
      for (const [id, { ids, complete }] of loaded) {
        expect(complete).toBe(!partialEdges.includes(edge));
        read.set(id, ids);
      }
    }
    for (const { nativeId: id } of records) {
      expect({ id, ids: [...(read.get(id) ?? [])].sort() }).toEqual({ id, ids: [...(truth.get(id) ?? [])].sort() });
    }
  });

  test(`${edge} are the same for one record and for a list`, async () => {
    const { reader, world } = ground();
    const linked = [...world.links[resource][edge]!].slice(0, 3);
    const unlinked = [...world.records[resource].keys()].filter((id) => !world.links[resource][edge]!.has(id));
    for (const [id, ids] of [...linked, ...unlinked.slice(0, 1).map((id) => [id, []] as const)]) {
      const record = (await adapter.get(reader.context, [id], new Set([edge]))).get(id)!;
      expect([...(await edgeIds(adapter, reader.context, record, edge))].sort()).toEqual([...ids].sort());
    }
  });

  test(`${edge} are ids of records that can be read`, async () => {
    const { reader, world } = ground();
    const target = (EDGE_TARGETS[resource] as Record<string, ResourceName>)[edge]!;
    const other = adapterOf(subject.provider, target);
    const ids = [...new Set([...world.links[resource][edge]!.values()].flat())].slice(0, 20);
    const found = await other.get(reader.context, ids, everything(other));
    expect([...found.keys()].sort()).toEqual([...ids].sort());
  });

  test(`${edge} of an unknown record are empty`, async () => {
    const loader = adapter.edges[edge];
    if (!loader) return;
    const { missingIds, malformedIds } = resourceOf(subject, resource);
    const loaded = await loader.load(ground().reader.context, [...missingIds, ...malformedIds]);
    expect([...loaded.values()].flatMap(({ ids }) => ids)).toEqual([]);
  });

  test(`${edge} of a record are the same beside an unknown one`, async () => {
    // A record that is deleted between its read and that of its edge may take more calls than the costs take for granted.
    const loader = plainAdapterOf(subject.provider, resource).edges[edge];
    if (!loader || loader.batchSize === 1) return;
    const { reader, world } = ground();
    const [missing = ""] = resourceOf(subject, resource).missingIds;
    const [[id, ids]] = [...world.links[resource][edge]!] as [[string, readonly string[]]];
    const alone = (await loader.load(reader.context, [id])).get(id);
    if (alone !== undefined) expect([...alone.ids].sort()).toEqual([...ids].sort());
    const loaded = await loader.load(reader.context, [missing, id]);
    expect([loaded.get(missing)?.ids ?? [], loaded.get(id)]).toEqual([[], alone]);
  });
}
