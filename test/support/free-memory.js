/** Bytes outside of the JavaScript heap. One embedded database takes about 150 MB. */
const LIMIT = 300 * 1024 * 1024;

// The databases of the files before this one are garbage by now. V8 does not see that they are large, and may keep them for
// many files. `--expose-gc` in the test script gives `gc`.
if (process.memoryUsage().external > LIMIT) globalThis.gc?.();
