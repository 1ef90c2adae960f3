import { openStore } from "../../src/store/open-store.js";
import { describeStore } from "../store/store-suite.js";
import { createDatabase } from "./database.js";

describeStore("PostgreSQL", async (now) => {
  const database = await createDatabase();
  const store = await openStore({ dataDir: null, databaseUrl: database.url, now });
  return {
    ...store,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
});
