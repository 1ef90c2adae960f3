import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { GraphQLSchema } from "graphql";
import { DIRECT_FORM, type AnswerForm } from "../errors/answer-form.js";
import type { Logger } from "../observability/logger.js";
import type { Bounds } from "./operation/bounds.js";
import type { OperationContext } from "./operation/context.js";
import { answerPlugin } from "./plugins/answer-plugin.js";
import { documentBoundsRule } from "./plugins/document-bounds-rule.js";
import { errorFormatter } from "./plugins/error-format.js";
import { executionPlugin } from "./plugins/execution-plugin.js";
import { operationPlugin } from "./plugins/operation-plugin.js";

/** Faults of one document that an answer names. Callers who fix these see the next ones. */
const MAX_DOCUMENT_ERRORS = 20;

export interface ApolloOptions {
  schema: GraphQLSchema;
  logger: Logger;
  introspection: boolean;
  bounds: Bounds;
  /** Defaults to the form of `/graphql`. */
  form?: AnswerForm;
}

export function createApollo(options: ApolloOptions): ApolloServer<OperationContext> {
  const { schema, logger, introspection, bounds, form = DIRECT_FORM } = options;
  return new ApolloServer<OperationContext>({
    schema,
    introspection,
    // A page of another site cannot send an API key without a preflight, so the key is protection enough. The others are
    // Apollo's own headers, for requests without a key.
    csrfPrevention: { requestHeaders: ["authorization", "x-apollo-operation-name", "apollo-require-preflight"] },
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: bounds.tokens },
    validationRules: [documentBoundsRule(bounds)],
    validationOptions: { maxErrors: MAX_DOCUMENT_ERRORS },
    formatError: errorFormatter(bounds, form),
    logger,
    plugins: [
      // These plugins cost CPU on every request and report to a service that crmesh does not use.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      // crmesh has pages of its own: src/http/explorer.
      ApolloServerPluginLandingPageDisabled(),
      operationPlugin(bounds),
      executionPlugin(bounds, logger, form),
      answerPlugin(logger, form),
    ],
  });
}
