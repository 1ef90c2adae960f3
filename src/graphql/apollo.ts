import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { ApolloServerPluginLandingPageLocalDefault } from "@apollo/server/plugin/landingPage/default";
import { maxAliasesRule } from "@escape.tech/graphql-armor-max-aliases";
import { maxDepthRule } from "@escape.tech/graphql-armor-max-depth";
import { maxDirectivesRule } from "@escape.tech/graphql-armor-max-directives";
import type { GraphQLError, GraphQLSchema, ValidationContext, ValidationRule } from "graphql";
import type { Logger } from "../observability/logger.js";
import type { OperationContext } from "./operation/context.js";
import { answerPlugin } from "./plugins/answer-plugin.js";
import { formatGraphQLError } from "./plugins/error-format.js";
import { operationPlugin } from "./plugins/operation-plugin.js";

/** Bounds of one document; far above what a page of a product needs, far below what hurts. */
export const DOCUMENT_LIMITS = { depth: 15, aliases: 300, directives: 50, tokens: 10_000 } as const;

/** Armor's rules throw, which Apollo takes for a bug of the server; reported, they are what other validation rules are. */
const REPORTED = {
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)],
};

export interface ApolloOptions {
  schema: GraphQLSchema;
  logger: Logger;
  introspection: boolean;
  /** Records that one operation may read from CRMs. */
  maxRecords: number;
  /** What Apollo Sandbox starts with; null turns it off. */
  landingPage: { document: string; headers: Record<string, string> } | null;
}

export function createApollo(options: ApolloOptions): ApolloServer<OperationContext> {
  const { schema, logger, introspection, maxRecords, landingPage } = options;
  const rules = [
    maxDepthRule({ n: DOCUMENT_LIMITS.depth, ignoreIntrospection: true, ...REPORTED }),
    maxAliasesRule({ n: DOCUMENT_LIMITS.aliases, allowList: [], ...REPORTED }),
    maxDirectivesRule({ n: DOCUMENT_LIMITS.directives, ...REPORTED }),
  ];
  return new ApolloServer<OperationContext>({
    schema,
    introspection,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: DOCUMENT_LIMITS.tokens },
    validationRules: rules as unknown as ValidationRule[],
    formatError: formatGraphQLError,
    logger,
    plugins: [
      // They cost CPU on every request and report to a service that is not used here.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      landingPage
        ? ApolloServerPluginLandingPageLocalDefault({
            document: landingPage.document,
            embed: { initialState: { sharedHeaders: landingPage.headers } },
          })
        : ApolloServerPluginLandingPageDisabled(),
      operationPlugin({ maxRecords }),
      answerPlugin(logger),
    ],
  });
}
