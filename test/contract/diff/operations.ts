import { CrmError } from "../../../src/errors/crm-error.js";
import type { CrmConnection } from "../../support/crm-connections.js";
import { operationsOf } from "../broken/operations.js";
import { everything, plainAdapterOf } from "../stage/adapter.js";
import { READ_ACCOUNT, WRITE_ACCOUNT, type Stage } from "../stage/stage.js";
import type { Ground } from "../ground.js";
import { resourceOf, resourcesOf, updatable, type ContractSubject } from "../subject.js";
import type { Performance } from "./compare.js";

interface Step {
  name: string;
  account: string;
  run: (connection: CrmConnection) => Promise<unknown>;
}

/** More than every kind of request needs. */
const LIMIT = 3;

/** Operations that together send every kind of request that the adapter makes, refused ones included. */
async function stepsOf(subject: ContractSubject, ground: Ground): Promise<Step[]> {
  const { provider } = subject;
  const { world, fresh, stage } = ground;
  const steps: Step[] = (await operationsOf({ subject, ground: () => ground, supports: () => null })).map(
    ({ name, account, run }) => ({
      name,
      account: account === "READ" ? READ_ACCOUNT : WRITE_ACCOUNT,
      run,
    }),
  );
  for (const resource of resourcesOf(subject)) {
    const adapter = plainAdapterOf(provider, resource);
    const own = resourceOf(subject, resource);
    if (world.records[resource].size === 0) continue;
    const select = everything(adapter);
    const list = (name: string, query: object): Step => ({
      name: `list ${resource}s ${name}`,
      account: READ_ACCOUNT,
      run: ({ context }) =>
        adapter.list(context, { filter: {}, orderBy: null, limit: LIMIT, cursor: null, select, ...query }),
    });
    for (const [name, truth] of Object.entries(own.filters))
      steps.push(list(`by ${name}`, { filter: { [name]: truth.values(world)[0] } }));
    for (const field of Object.keys(own.orders))
      steps.push(list(`in the order ${field}`, { orderBy: { field, direction: "ASC" } }));
    const [missing = ""] = own.missingIds;
    const reading: Step = {
      name: `get ${resource} that is missing`,
      account: READ_ACCOUNT,
      run: ({ context }) => adapter.get(context, [missing], select),
    };
    const write = (name: string, run: Step["run"]): Step => ({
      name: `${name} ${resource}`,
      account: WRITE_ACCOUNT,
      run,
    });
    const { create, update, delete: remove } = adapter;
    steps.push(reading);
    if (create) {
      const badMail = { ...own.minimal(fresh), emails: [{ address: "no address" }] };
      if (resource !== "meeting")
        steps.push(write("create with a bad address a", ({ context }) => create(context, badMail)));
      const unknown = own.unknownThere?.(fresh).input;
      if (unknown)
        steps.push(
          write("create with unknown references a", ({ context }) =>
            create(context, { ...own.minimal(fresh), ...unknown }),
          ),
        );
    }
    if (update) {
      const change = updatable(own, own.full(fresh).input);
      steps.push(write("update a missing", ({ context }) => update(context, missing, change)));
    }
    if (remove) steps.push(write("delete a missing", ({ context }) => remove(context, missing)));
  }
  const wrong = subject.wrongCredentials(stage.credentials(READ_ACCOUNT));
  steps.push({
    name: "proof of a wrong credential",
    account: READ_ACCOUNT,
    run: () => provider.verify(stage.connect({ credentials: wrong }).exchange, wrong),
  });
  return steps;
}

/**
 * Runs the operations at the CRM of a ground and keeps their exchanges.
 *
 * @throws what is no CrmError: a fault of the adapter itself
 */
export async function perform(subject: ContractSubject, ground: Ground, signal: AbortSignal): Promise<Performance[]> {
  const performances: Performance[] = [];
  for (const { name, account, run } of await stepsOf(subject, ground)) {
    signal.throwIfAborted();
    let code: string | null = null;
    const exchanges = await ground.stage.exchanged(async () => {
      code = await codeOf(run(connect(ground.stage, account)));
    });
    performances.push({ operation: name, exchanges, code });
  }
  return performances;
}

function connect(stage: Stage, account: string): CrmConnection {
  return stage.connect({ account });
}

async function codeOf(run: Promise<unknown>): Promise<string | null> {
  try {
    await run;
    return null;
  } catch (error) {
    if (error instanceof CrmError) return error.code;
    throw error;
  }
}
