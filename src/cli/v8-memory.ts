import v8 from "node:v8";

/**
 * While crmesh loads its modules, V8 would let the space for young objects grow to 64 MB, and would keep it. Call this
 * before the modules are loaded.
 */
export function startSmall(): void {
  v8.setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Ends what `startSmall` began, so that V8 chooses speed over memory. With the sandbox, memory matters more: its process
 * carries ten CRMs, on the machine of a developer or in a small container.
 */
export function settleMemory(hasSandbox: boolean): void {
  v8.setFlagsFromString(hasSandbox ? "--heap-growing-percent=50" : "--semi-space-growth-factor=2");
}
