import {
  type GraphQLError,
  Kind,
  NoFragmentCyclesRule,
  validate,
  OperationTypeNode,
  visit,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";
import { boundExceeded, type BoundName, type Bounds } from "../operation/bounds.js";
import { fragmentsOf, TooManyVisitsError, VisitCounter, walkSelections } from "../operation/document-walk.js";
import { asGraphQLError } from "./error-format.js";

/**
 * A validation rule that refuses documents which are too large, before graphql-js validates them: the work of its rules
 * grows with the square of the selections that have the same name.
 */
export function documentBoundsRule(bounds: Bounds): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    Document(document) {
      const refusals = refusalsOf(context.getSchema(), document, bounds);
      if (refusals.length === 0) return undefined;
      for (const refusal of refusals) context.reportError(refusal);
      // In a visitor, null removes a node. Without the document the other rules have nothing left to look at.
      return null;
    },
  });
}

function refusalsOf(schema: GraphQLSchema, document: DocumentNode, bounds: Bounds): readonly GraphQLError[] {
  // A fragment that contains itself has no end; graphql-js finds it in one pass.
  const cycles = validate(schema, document, [NoFragmentCyclesRule], { maxErrors: 1 });
  if (cycles.length > 0) return cycles.slice(0, 1);
  const measured = measure(document, bounds);
  const exceeded = (["visits", "depth", "aliases", "directives", "mutations"] as const).find(
    (name) => measured[name] > bounds[name],
  );
  if (exceeded === undefined) return [];
  // The visits end at their bound, so nobody knows how many there would have been.
  const actual = exceeded === "visits" ? null : measured[exceeded];
  return [asGraphQLError(boundExceeded(bounds, exceeded, actual, exceeded === "visits" ? "needs" : "has"))];
}

type Measured = Record<Extract<BoundName, "visits" | "depth" | "aliases" | "directives" | "mutations">, number>;

/** Counts what a document has; what it excludes by itself (`@include(if: false)`) costs only the visits. */
export function measure(document: DocumentNode, bounds: Pick<Bounds, "visits">): Measured {
  const fragments = fragmentsOf(document);
  const visits = new VisitCounter(bounds.visits);
  try {
    countVisits(document, fragments, visits);
    return { visits: visits.count, ...aliasesAndDirectives(document), ...depthAndMutations(document, fragments) };
  } catch (error) {
    if (!(error instanceof TooManyVisitsError)) throw error;
    return { visits: visits.count, depth: 0, aliases: 0, directives: 0, mutations: 0 };
  }
}

type Fragments = ReturnType<typeof fragmentsOf>;

/** Steps of graphql-js through a document: it validates what is excluded, and fragments that no operation uses, too. */
function countVisits(document: DocumentNode, fragments: Fragments, visits: VisitCounter): void {
  const unused = new Set(fragments.keys());
  const walk = ({ selectionSet }: FragmentDefinitionNode | OperationDefinitionNode) =>
    walkSelections<true>(selectionSet, true, {
      fragments,
      visits,
      isIncluded: () => true,
      // Fields of the same name are compared whatever types their fragments are on.
      keyOf: ({ alias, name }) => (alias ?? name).value,
      onFragment: (name) => unused.delete(name),
      enter: () => true,
    });
  for (const node of document.definitions) if (node.kind === Kind.OPERATION_DEFINITION) walk(node);
  for (const name of unused) walk(fragments.get(name)!);
}

/** Each counts once, not once for every spread of its fragment. */
function aliasesAndDirectives(document: DocumentNode): Pick<Measured, "aliases" | "directives"> {
  const counted = { aliases: 0, directives: 0 };
  // In a visitor, false leaves out what is below a node.
  const unlessExcluded = (node: SelectionNode) => (isExcluded(node) ? false : undefined);
  visit(document, {
    Field: (node) => {
      if (isExcluded(node)) return false;
      if (node.alias) counted.aliases += 1;
      return undefined;
    },
    InlineFragment: unlessExcluded,
    FragmentSpread: unlessExcluded,
    Directive: () => {
      counted.directives += 1;
    },
  });
  return counted;
}

/** The levels of fields and the root mutation fields of the operation that has most of them. A fragment is no level. */
function depthAndMutations(document: DocumentNode, fragments: Fragments): Pick<Measured, "depth" | "mutations"> {
  const counted = { depth: 0, mutations: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    let roots = 0;
    walkSelections<true>(definition.selectionSet, true, {
      fragments,
      isIncluded: (selection) => !isExcluded(selection),
      keyOf: ({ alias, name }) => (alias ?? name).value,
      enter: ({ node }, _place, level) => {
        if (level === 1) roots += 1;
        counted.depth = Math.max(counted.depth, level);
        // The tools' own query for the schema is deep by nature, and graphql-js has a bound for it.
        return node.name.value.startsWith("__") ? null : true;
      },
    });
    if (definition.operation === OperationTypeNode.MUTATION) counted.mutations = Math.max(counted.mutations, roots);
  }
  return counted;
}

/** Whether the document itself excludes a selection; a variable may include it. */
function isExcluded({ directives }: SelectionNode): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    const condition = given?.find((argument) => argument.name.value === "if")?.value;
    if (condition?.kind !== Kind.BOOLEAN) return false;
    return name.value === "include" ? !condition.value : name.value === "skip" && condition.value;
  });
}
