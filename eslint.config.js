import css from "@eslint/css";
import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** What reads or writes a date in the zone of the machine. Where crmesh runs must not decide what it says. */
const LOCAL_DATES = [
  {
    selector: "MemberExpression[property.name=/^[gs]et(FullYear|Year|Month|Date|Day|Hours|Minutes|TimezoneOffset)$/]",
    message: "It works in the zone of the machine. Use the UTC method, or Intl.DateTimeFormat with a timeZone.",
  },
  {
    selector: "MemberExpression[property.name=/^to(Date|Time)String$/]",
    message: "It writes in the zone of the machine. Use toISOString.",
  },
  {
    selector: "CallExpression[callee.property.name=/^toLocale(Date|Time)?String$/][arguments.length<2]",
    message: "Without a timeZone it writes in the zone of the machine; for numbers there is Intl.NumberFormat.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length>1]",
    message: "It reads its parts in the zone of the machine. Use Date.UTC.",
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: "It writes in the zone of the machine. Use new Date().",
  },
  {
    selector: ":matches(NewExpression, CallExpression)[callee.property.name='DateTimeFormat'][arguments.length<2]",
    message: "Without a timeZone it works in the zone of the machine.",
  },
];

export default tseslint.config(
  { ignores: ["**/dist/", "examples/client/src/gql/", "**/node_modules/", ".crmesh/", "coverage/"] },
  { files: ["**/*.{js,cjs,mjs,ts,tsx}"], ...js.configs.recommended },
  {
    files: ["**/*.css"],
    language: "css/css",
    extends: [css.configs.recommended],
    rules: {
      // Other files of the same stylesheet define them. A test looks for variables that no file defines.
      "css/no-invalid-properties": ["error", { allowUnknownVariables: true }],
      // Without these, a browser shows the same page a little less comfortably.
      "css/use-baseline": ["error", { allowProperties: ["text-wrap", "user-select"] }],
    },
  },
  {
    // Their packages are not installed here, so that the rules that need types know nothing of them.
    files: ["examples/**/*.ts"],
    extends: [tseslint.configs.recommended],
  },
  {
    files: ["src/**/*.{ts,tsx}", "test/**/*.{ts,tsx}", "explorer/**/*.{ts,tsx}"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json", "./tsconfig.browser.json", "./explorer/tsconfig.json"] },
    },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/consistent-type-imports": "off",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    // It runs in the end user's browser, whose zone is the right one there.
    ignores: ["src/connect/browser/**"],
    rules: { "no-restricted-syntax": ["error", ...LOCAL_DATES] },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    rules: { "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowNever: true }] },
  },
  {
    // Somebody can set the wall clock, and no wait may become longer or shorter by that. clock.ts asks it for the others.
    files: ["src/{upstream,connections,connect,graphql,http}/**/*.{ts,tsx}"],
    ignores: ["src/upstream/clock.ts", "src/connect/browser/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "Date",
          property: "now",
          message:
            "Use Clock.monotonic for windows, waits and deadlines, and Clock.now for instants that are stored or told.",
        },
      ],
    },
  },
  {
    // Fastify and Apollo wait for the promise of a hook, plugin or handler, so these are async even if they await nothing.
    files: ["src/connect/routes.ts", "src/graphql/plugins/*.ts", "src/http/*.ts", "src/sandbox/**/*.ts"],
    rules: { "@typescript-eslint/require-await": "off" },
  },
  {
    files: ["test/**/*.{ts,tsx}"],
    rules: {
      // A stub of an asynchronous function often has nothing to wait for.
      "@typescript-eslint/require-await": "off",
      // Tests read records of unknown form, and a comparison fails if one of their values is no text.
      "@typescript-eslint/no-base-to-string": "off",
      // Tests pass on what they caught, whatever it is.
      "@typescript-eslint/prefer-promise-reject-errors": ["error", { allowThrowingUnknown: true }],
    },
  },
  {
    // They read answers of unknown form member by member, each of which ends in an expect that fails on a wrong form.
    files: ["test/sandbox/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: [
      "bench/**/*.js",
      "explorer/*.js",
      "examples/**/*.mjs",
      "docs/**/*.mjs",
      "test/**/*.js",
      "*.js",
      "*.cjs",
      ".ci/*.cjs",
    ],
    languageOptions: {
      globals: {
        require: "readonly",
        AbortSignal: "readonly",
        process: "readonly",
        console: "readonly",
        performance: "readonly",
        URL: "readonly",
        module: "readonly",
        Buffer: "readonly",
        fetch: "readonly",
        setTimeout: "readonly",
      },
    },
  },
);
