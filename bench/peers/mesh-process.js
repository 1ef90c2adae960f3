import { runChild } from "../child.js";
import { startMesh } from "./mesh.js";

/** GraphQL Mesh in a process of its own. */
runChild(async (options) => ({ ready: { url: await startMesh(options) } }));
