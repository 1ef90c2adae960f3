import type { ProviderContext, ResourceAdapter } from "../../src/providers/contract/contract.js";
import type { ResourceInputs } from "../../src/providers/contract/input.js";
import type { ResourceName } from "../../src/providers/contract/model.js";

const NOTHING: ReadonlySet<string> = new Set();

/** An adapter whose creates resolve to ids, and whose updates to nothing: for tests that read the records themselves. */
export function withIdWrites<Resource extends ResourceName>(adapter: ResourceAdapter<Resource>) {
  return {
    ...adapter,
    create: async (context: ProviderContext, input: ResourceInputs[Resource]) =>
      (await adapter.create!(context, input, NOTHING)).nativeId,
    update: async (context: ProviderContext, id: string, input: ResourceInputs[Resource]) =>
      void (await adapter.update!(context, id, input, NOTHING)),
  };
}
