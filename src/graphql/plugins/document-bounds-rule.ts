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
 * Makes a validation rule that refuses documents that are too large. It runs before the rules of graphql-js, whose work
 * grows with the square of the number of selections that have the same name.
 */
export function documentBoundsRule(bounds: Bounds): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    Document(document) {
      const refusals = refusalsOf(context.getSchema(), document, bounds);
      if (refusals.length === 0) return undefined;
      for (const refusal of refusals) context.reportError(refusal);
      // In a visitor, null removes a node. Without the document, the other rules have nothing to check.
      return null;
    },
  });
}

function refusalsOf(schema: GraphQLSchema, document: DocumentNode, bounds: Bounds): readonly GraphQLError[] {
  // Measuring a fragment that contains itself would not end. graphql-js finds such a fragment in one pass.
  const cycles = validate(schema, document, [NoFragmentCyclesRule], { maxErrors: 1 });
  if (cycles.length > 0) return cycles.slice(0, 1);
  const measured = measure(document, bounds);
  const exceeded = (["visits", "depth", "aliases", "directives", "mutations"] as const).find(
    (name) => measured[name] > bounds[name],
  );
  if (exceeded === undefined) return [];
  // Counting stops at the bound of visits, so the actual number is unknown.
  const actual = exceeded === "visits" ? null : measured[exceeded];
  return [asGraphQLError(boundExceeded(bounds, exceeded, actual, exceeded === "visits" ? "needs" : "has"))];
}

type Measured = Record<Extract<BoundName, "visits" | "depth" | "aliases" | "directives" | "mutations">, number>;

/** Measures a document. Selections that it excludes by itself (`@include(if: false)`) count as visits only. */
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

/** Counts the steps of graphql-js through a document. It also validates excluded selections and unused fragments. */
function countVisits(document: DocumentNode, fragments: Fragments, visits: VisitCounter): void {
  const unused = new Set(fragments.keys());
  const walk = ({ selectionSet }: FragmentDefinitionNode | OperationDefinitionNode) =>
    walkSelections<true>(selectionSet, true, {
      fragments,
      visits,
      isIncluded: () => true,
      // graphql-js compares fields of the same name, whatever the types of their fragments.
      keyOf: ({ alias, name }) => (alias ?? name).value,
      onFragment: (name) => unused.delete(name),
      enter: () => true,
    });
  for (const node of document.definitions) if (node.kind === Kind.OPERATION_DEFINITION) walk(node);
  for (const name of unused) walk(fragments.get(name)!);
}

/** Counts each alias and directive once, not once for every spread of its fragment. */
function aliasesAndDirectives(document: DocumentNode): Pick<Measured, "aliases" | "directives"> {
  const counted = { aliases: 0, directives: 0 };
  // In a visitor, false skips the children of a node.
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

/** Returns the most levels of fields and the most root mutation fields of any operation. A fragment is not a level. */
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
        // The introspection query of tools is deep by nature. graphql-js has its own bound for it.
        return node.name.value.startsWith("__") ? null : true;
      },
    });
    if (definition.operation === OperationTypeNode.MUTATION) counted.mutations = Math.max(counted.mutations, roots);
  }
  return counted;
}

/** Whether the document itself excludes a selection. A selection with a variable in its condition may be included. */
function isExcluded({ directives }: SelectionNode): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    const condition = given?.find((argument) => argument.name.value === "if")?.value;
    if (condition?.kind !== Kind.BOOLEAN) return false;
    return name.value === "include" ? !condition.value : name.value === "skip" && condition.value;
  });
}
