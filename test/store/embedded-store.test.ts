import { openStore } from "../../src/store/open-store.js";
import { describeStore } from "./store-suite.js";

describeStore("PGlite in memory", (now) => openStore({ dataDir: null, now }));
