import { runChild } from "../child.js";
import { startFloor } from "./floor.js";

/** The floor in a process of its own. */
runChild(async (options) => ({ ready: { url: await startFloor(options) } }));
