import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types for the documents of src/main.ts, by graphql-codegen's client preset. */
const config: CodegenConfig = {
  schema: "node_modules/crmesh/schema.graphql",
  documents: "src/main.ts",
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        // Each document is a text, so that the program needs no `graphql` package when it runs.
        documentMode: "string",
        // Without these, every date and every custom value is `unknown`.
        scalars: { DateTime: "string", URL: "string", JSON: "unknown" },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
        // `./graphql.js`, as Node's own modules need it.
        emitLegacyCommonJSImports: false,
      },
    },
  },
};
export default config;
