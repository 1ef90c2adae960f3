import {
  defaultTypeResolver,
  getArgumentValues,
  GraphQLError,
  isObjectType,
  locatedError,
  OperationTypeNode,
  responsePathAsArray,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import type { OperationBudget } from "../response-budget.js";
import { inTurns, type PendingTurns } from "../turns.js";
import { emptyData, isIterableObject, isPlain, isPromise, serializedOrNot, settled, type Data } from "./values.js";
import { planOf, type FieldPlan, type OperationPlan, type SelectionPlan, type ValuePlan } from "./field-plan.js";

type Path = GraphQLResolveInfo["path"];

/** The members of a resolver context that the execution needs. */
export interface ExecutionContext {
  /** Set before the execution begins. */
  readonly budget: OperationBudget | null;
  readonly turns?: PendingTurns | undefined;
  /** @throws CrmError if the caller has hung up */
  beginMutationField(): void;
}

export interface ExecutionRequest {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Checked and coerced, as resolvers get them. */
  variables: Record<string, unknown>;
  context: ExecutionContext;
}

/** Executes a valid query or mutation as graphql-js does, and counts the values of the answer against its bounds. */
export async function executeOperation(request: ExecutionRequest): Promise<ExecutionResult> {
  const { schema, document, operation, variables, context } = request;
  return new Execution(planOf(schema, document, operation, variables), variables, context).run();
}

class Execution {
  readonly #plan: OperationPlan;
  readonly #variables: Record<string, unknown>;
  readonly #context: ExecutionContext;
  readonly #budget: OperationBudget;
  readonly #errors: GraphQLError[] = [];
  /** The places of the answer that an error has made null. Undefined is the whole answer. */
  readonly #nulled = new Set<Path | undefined>();

  constructor(plan: OperationPlan, variables: Record<string, unknown>, context: ExecutionContext) {
    this.#plan = plan;
    this.#variables = variables;
    this.#context = context;
    this.#budget = context.budget!;
  }

  async run(): Promise<ExecutionResult> {
    let data: unknown = null;
    try {
      const { operation, selection } = this.#plan;
      data = await (operation.operation === OperationTypeNode.MUTATION
        ? this.#inTurn(selection)
        : this.#fields(selection, undefined, undefined));
    } catch (error) {
      this.#note(locatedError(error, undefined), undefined);
    }
    const answer = { data: data as Data | null };
    return this.#errors.length === 0 ? answer : { errors: this.#errors, ...answer };
  }

  /** The fields of a mutation, one after the other. */
  async #inTurn({ fields, hasProto }: SelectionPlan): Promise<Data> {
    const data = emptyData(hasProto);
    for (const plan of fields) data[plan.key] = await this.#field(plan, undefined, undefined);
    return data;
  }

  #fields({ fields, hasProto }: SelectionPlan, source: unknown, path: Path | undefined): Data | Promise<Data> {
    const data = emptyData(hasProto);
    let pending: string[] | null = null;
    try {
      for (const plan of fields) {
        const value = this.#field(plan, source, path);
        data[plan.key] = value;
        if (isPromise(value)) (pending ??= []).push(plan.key);
      }
    } catch (error) {
      if (!pending) throw error;
      // The loads of the other fields have begun. Their failures no longer belong to an answer.
      return settled(data, pending).finally(() => {
        throw error;
      });
    }
    return pending ? settled(data, pending) : data;
  }

  #field(plan: FieldPlan, source: unknown, prev: Path | undefined): unknown {
    const property = plan.isProperty ? this.#property(plan, source) : undefined;
    if (property !== undefined) return property;
    const path: Path = { prev, key: plan.key, typename: plan.parentType.name };
    try {
      const resolved = this.#resolve(plan, source, path);
      const completed = isPromise(resolved)
        ? resolved.then((value) => this.#complete(plan, plan.value, path, this.#counted(plan, value)))
        : this.#complete(plan, plan.value, path, this.#counted(plan, resolved));
      return isPromise(completed)
        ? completed.then(undefined, (error: unknown) => this.#failed(error, plan, plan.value, path))
        : completed;
    } catch (error) {
      return this.#failed(error, plan, plan.value, path);
    }
  }

  /**
   * Most fields of an answer are a text, a number, a boolean or null that is a property. They need neither a path nor promises.
   * @returns undefined for any other value, and for one that its type refuses: `#field` then takes the long way
   */
  #property({ field, value: { leaf, isNonNull }, key }: FieldPlan, source: unknown): unknown {
    if (this.#budget.exceeded || typeof source !== "object" || source === null) return undefined;
    const value = (source as Data)[field.name];
    const isNull = value === null && !isNonNull;
    const serialized = isNull ? null : isPlain(value) ? serializedOrNot(leaf!, value) : undefined;
    if (serialized !== undefined) this.#budget.takeValue(value, key);
    return serialized;
  }

  /** The value of a field, as its resolver returns it. Once a bound is exceeded, most fields are empty instead. */
  #resolve(plan: FieldPlan, source: unknown, path: Path): unknown {
    const budget = this.#budget;
    const { value, counts, key, resolve } = plan;
    if (plan.isMutation) {
      this.#context.beginMutationField();
      if (budget.exceeded) throw budget.exceeded.with({ outcome: "NOT_SENT" });
    }
    // The object is counted before its load begins, so that no load is wasted.
    if (counts === "objects" && !value.item && !budget.exceeded) budget.takeObjects(1, key);
    if (budget.exceeded && counts !== "nothing" && (value.item || !value.isNonNull)) return value.item ? [] : null;
    if (resolve) return resolve(source, this.#arguments(plan), this.#context, this.#info(plan, path));
    if (source === null || (typeof source !== "object" && typeof source !== "function")) return undefined;
    const property = (source as Data)[plan.field.name];
    if (typeof property !== "function") return property;
    return property.call(source, this.#arguments(plan), this.#context, this.#info(plan, path)) as unknown;
  }

  /** Counts a value that a resolver returned. Returns the value, or an empty list once a bound is exceeded. */
  #counted({ key, value: { item }, counts, fieldsPerItem }: FieldPlan, value: unknown): unknown {
    const budget = this.#budget;
    if (counts === "nothing") return value;
    if (!item) {
      if (counts === "leaves" && !budget.exceeded) budget.takeValue(value, key);
      return value;
    }
    if (!Array.isArray(value)) return value;
    if (!budget.exceeded) {
      if (counts === "leaves") budget.takeValues(value, key);
      else budget.takeObjects(value.length, key);
    }
    if (!budget.exceeded) return counts === "leaves" ? value : inTurns(value, fieldsPerItem, this.#context.turns);
    // The loads of these items have begun. Their failures no longer belong to an answer.
    for (const one of value) if (isPromise(one)) one.catch(() => undefined);
    return [];
  }

  #complete(plan: FieldPlan, type: ValuePlan, path: Path, value: unknown): unknown {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) {
      if (!type.isNonNull) return null;
      throw new Error(`Cannot return null for non-nullable field ${plan.parentType.name}.${plan.field.name}.`);
    }
    if (type.leaf) {
      const serialized: unknown = type.leaf.serialize(value);
      if (serialized !== null && serialized !== undefined) return serialized;
      throw new Error(`A value of ${plan.parentType.name}.${plan.field.name} is not a ${type.leaf.name}.`);
    }
    if (type.item) return this.#list(plan, type.item, path, value);
    return type.object ? this.#object(plan, type.object, path, value) : this.#abstract(plan, type, path, value);
  }

  #list(plan: FieldPlan, item: ValuePlan, path: Path, values: unknown): unknown[] | Promise<unknown[]> {
    if (!isIterableObject(values)) {
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${plan.parentType.name}.${plan.field.name}".`,
      );
    }
    const completed: unknown[] = [];
    let isPending = false;
    try {
      for (const value of values) {
        const one = this.#item(plan, item, { prev: path, key: completed.length, typename: undefined }, value);
        isPending ||= isPromise(one);
        completed.push(one);
      }
    } catch (error) {
      if (isPending) void Promise.allSettled(completed);
      throw error;
    }
    return isPending ? Promise.all(completed) : completed;
  }

  #item(plan: FieldPlan, type: ValuePlan, path: Path, value: unknown): unknown {
    try {
      const completed = isPromise(value)
        ? value.then((settled) => this.#complete(plan, type, path, settled))
        : this.#complete(plan, type, path, value);
      return isPromise(completed)
        ? completed.then(undefined, (error: unknown) => this.#failed(error, plan, type, path))
        : completed;
    } catch (error) {
      return this.#failed(error, plan, type, path);
    }
  }

  #abstract(plan: FieldPlan, { type }: ValuePlan, path: Path, value: unknown): unknown {
    const abstract = type as GraphQLAbstractType;
    const resolveType = abstract.resolveType ?? defaultTypeResolver;
    const named = resolveType(value, this.#context, this.#info(plan, path), abstract);
    const complete = (name: string | undefined) => this.#object(plan, this.#runtimeType(abstract, name), path, value);
    return isPromise(named) ? named.then(complete) : complete(named);
  }

  #runtimeType(abstract: GraphQLAbstractType, name: string | undefined): GraphQLObjectType {
    const type = name === undefined ? undefined : this.#plan.schema.getType(name);
    if (isObjectType(type) && this.#plan.schema.isSubType(abstract, type)) return type;
    throw new Error(`${name ?? "A value without a type"} is not one of the types of ${abstract.name}.`);
  }

  #object(plan: FieldPlan, type: GraphQLObjectType, path: Path, value: unknown): unknown {
    const below = () => this.#fields(this.#plan.below(plan, type), value, path);
    if (!type.isTypeOf) return below();
    const isOfType = type.isTypeOf(value, this.#context, this.#info(plan, path));
    if (isPromise(isOfType)) return isOfType.then((is) => (is ? below() : this.#isNot(type)));
    return isOfType ? below() : this.#isNot(type);
  }

  #isNot(type: GraphQLObjectType): never {
    throw new Error(`A value is not a ${type.name}.`);
  }

  #arguments({ field, nodes }: FieldPlan): Record<string, unknown> {
    return field.args.length === 0 ? {} : getArgumentValues(field, nodes[0]!, this.#variables);
  }

  #info({ field, nodes, parentType }: FieldPlan, path: Path): GraphQLResolveInfo {
    const { schema, fragments, operation } = this.#plan;
    return {
      fieldName: field.name,
      fieldNodes: nodes,
      returnType: field.type,
      parentType,
      path: pathOfField(path),
      schema,
      fragments,
      rootValue: undefined,
      operation,
      variableValues: this.#variables,
    };
  }

  /** Notes the failure of a place of the answer, which becomes null. @throws GraphQLError if it cannot be null */
  #failed(error: unknown, { nodes }: FieldPlan, { isNonNull }: ValuePlan, path: Path): null {
    const located = locatedError(error, nodes, responsePathAsArray(path));
    if (isNonNull) throw located;
    this.#note(located, path);
    return null;
  }

  /** Errors below a place that is null already do not belong to the answer. */
  #note(error: GraphQLError, path: Path | undefined): void {
    for (let place = path; place; place = place.prev) if (this.#nulled.has(place)) return;
    if (this.#nulled.has(undefined)) return;
    this.#nulled.add(path);
    this.#errors.push(error);
  }
}

function pathOfField(path: Path): Path {
  return typeof path.key === "string" ? path : pathOfField(path.prev!);
}
