import { runChild } from "../child.js";
import { startHandWritten } from "./server.js";

/** The hand-written server in a process of its own. */
runChild(async (options) => ({ ready: { url: await startHandWritten(options) } }));
