import { systemClock } from "../../src/upstream/clock.js";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ConnectionService } from "../../src/connections/lifecycle/connection-service.js";
import { connectionBound, type Operation } from "../../src/connections/calls/operation.js";
import { CrmError } from "../../src/errors/crm-error.js";
import { OperationContext, type OperationContextOptions } from "../../src/graphql/operation/context.js";
import { RequestRecord } from "../../src/observability/request-record.js";
import { providers } from "../../src/providers/index.js";
import type { ConnectionRecord } from "../../src/store/connections.js";
import type { CallBound } from "../../src/upstream/call-bound.js";
import { failure } from "../upstream/harness.js";

const RECORD = { id: "con_1", provider: "hubspot" } as ConnectionRecord;
const GONE = { detail: "The caller closed the connection before this mutation field began.", outcome: "NOT_SENT" };

let caller: AbortController;
let lookedUp: number;
let bounds: (CallBound | undefined)[];
let opening: () => Promise<object>;
let context: OperationContext;

beforeEach(() => {
  caller = new AbortController();
  [lookedUp, bounds] = [0, []];
  opening = async () => ({ context: {}, write: null });
  const connections = {
    registry: providers,
    directory: { byIds: async () => ((lookedUp += 1), new Map([[RECORD.id, RECORD]])) },
    bound: (operation: Operation) => connectionBound(operation, 10_000, systemClock),
    open: (_record: ConnectionRecord, _operation: Operation, { bound }: { bound?: CallBound } = {}) => (
      bounds.push(bound),
      opening()
    ),
  };
  context = new OperationContext({
    record: new RequestRecord("r-1", null),
    connections: connections as unknown as ConnectionService,
    scope: {
      deadline: systemClock.monotonic() + 60_000,
      signal: caller.signal,
      sandboxFaults: new Map(),
      requestId: "r-1",
    },
  } as unknown as OperationContextOptions);
  context.shape = { contact: new Set(), lead: new Set(), meeting: new Set() };
});

test("a query looks up and opens a connection once, within one time limit", async () => {
  const found = await Promise.all([context.connectionById("con_1"), context.connectionById("con_1")]);
  const opened = await Promise.all(found.map((record) => context.open(record)));
  expect([lookedUp, bounds.length, opened[0] === opened[1]]).toEqual([1, 1, true]);
  expect(bounds[0]).toBeDefined();
});

describe("a mutation field", () => {
  test("begins without the cache of the field before it", async () => {
    const first = await context.openForWrite(await context.connectionById("con_1"));
    context.beginMutationField();
    const second = await context.openForWrite(await context.connectionById("con_1"));
    expect([lookedUp, first === second, first.loaders === second.loaders]).toEqual([2, false, false]);
  });

  test("opens its connection again even without a begin call", async () => {
    const before = await context.open(await context.connectionById("con_1"));
    const own = await context.openForWrite(RECORD);
    expect([own === before, bounds[1]]).toEqual([false, undefined]);
    // What is selected of its result shares it.
    expect(await context.open(RECORD)).toBe(own);
  });

  test("does not begin if the caller has gone", async () => {
    context.assertCallerPresent();
    caller.abort();
    for (const begin of [() => context.assertCallerPresent(), () => context.beginMutationField()]) {
      expect((await failure((async () => begin())())).details).toEqual(GONE);
    }
    const error = await failure(context.openForWrite(RECORD));
    expect([error.code, error.details, bounds]).toEqual(["SERVICE_UNAVAILABLE", GONE, []]);
  });

  test("has the outcome NOT_SENT if its connection cannot be opened", async () => {
    opening = () => Promise.reject(new CrmError("PROVIDER_UNAVAILABLE"));
    expect((await failure(context.openForWrite(RECORD))).details.outcome).toBe("NOT_SENT");
    opening = () => Promise.reject(new CrmError("NEEDS_REAUTH"));
    expect((await failure(context.openForWrite(RECORD))).details.outcome).toBeUndefined();
  });
});
