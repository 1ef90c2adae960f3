import { inspect } from "node:util";
import { expect, test } from "@jest/globals";
import { guarded, lookUp, StoreRejectedError, StoreUnavailableError } from "../../src/store/faults.js";

const databaseError = (code: string): Error =>
  Object.assign(new Error("it failed"), {
    code,
    detail: "Key (hash)=(s3cret)",
    params: ["s3cret"],
    query: "insert s3cret",
  });

const faultOf = (error: unknown): Promise<unknown> => guarded(Promise.reject(error)).catch((fault: unknown) => fault);

test.each(["08006", "53300", "57P01", "XX000", "42P01"])(
  "SQLSTATE %s says that the store is unavailable",
  async (code) => {
    expect(await faultOf(databaseError(code))).toBeInstanceOf(StoreUnavailableError);
  },
);

test.each(["22021", "23505", "54000"])("SQLSTATE %s blames the value", async (code) => {
  const fault = await faultOf(databaseError(code));
  expect(fault).toBeInstanceOf(StoreRejectedError);
  expect(fault).toMatchObject({ code });
});

test("an error without SQLSTATE says that the store is unavailable", async () => {
  const fault = await faultOf(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
  expect(fault).toBeInstanceOf(StoreUnavailableError);
  expect((fault as Error).cause).toMatchObject({ message: "connect ECONNREFUSED", code: "ECONNREFUSED" });
});

test("the cause tells what failed, without the values", async () => {
  const fault = await faultOf(databaseError("57P01"));
  expect((fault as Error).cause).toMatchObject({ message: "it failed", code: "57P01" });
  expect(inspect(fault, { depth: null, showHidden: true })).not.toContain("s3cret");
});

test("a name that the database cannot hold names nothing; other refusals and faults pass", async () => {
  expect(await lookUp(Promise.reject(databaseError("22021")))).toBeNull();
  expect(await lookUp(Promise.resolve(undefined))).toBeNull();
  await expect(lookUp(Promise.reject(databaseError("23514")))).rejects.toThrow(StoreRejectedError);
  await expect(lookUp(Promise.reject(databaseError("57P01")))).rejects.toThrow(StoreUnavailableError);
});
