import { expect, test } from "@jest/globals";
import {
  execute,
  getVariableValues,
  parse,
  validate,
  type ExecutionResult,
  type OperationDefinitionNode,
} from "graphql";
import { seeded } from "./seeded.js";
import { executeOperation } from "../../../src/graphql/operation/execution/execute.js";
import { OperationBudget } from "../../../src/graphql/operation/response-budget.js";
import type { Bounds } from "../../../src/graphql/operation/bounds.js";
import { toCrmError } from "../../../src/graphql/plugins/error-format.js";
import { RandomDocument } from "./random-document.js";
import { randomGraph } from "./random-graph.js";

/** The number of documents. EXECUTION_SEED repeats a run. */
const DOCUMENTS = 500;
const SEED = process.env["EXECUTION_SEED"] ?? "crmesh";
const NO_BOUNDS = { objects: Infinity, fields: Infinity, answerBytes: Infinity } as Bounds;

function context() {
  return { budget: new OperationBudget(NO_BOUNDS), beginMutationField: () => undefined };
}

/** Places, codes and order of the errors, and the data in its order. */
function comparable({ data, errors }: ExecutionResult): unknown {
  return {
    data: JSON.stringify(data),
    errors: errors?.map((error) => {
      const { code, details } = toCrmError(error);
      return { path: error.path, locations: error.locations, code, details };
    }),
  };
}

test(`crmesh answers ${DOCUMENTS} random operations as graphql-js does`, async () => {
  const met = { errors: 0, nulls: 0, conditions: 0 };
  for (let index = 0; index < DOCUMENTS; index += 1) {
    const name = `${SEED} ${index}`;
    const schema = randomGraph(name);
    const text = new RandomDocument(seeded(name), schema).operation();
    const document = parse(text);
    expect({
      name,
      text,
      faults: validate(schema, document)
        .map(({ message }) => message)
        .filter((one) => !/is never used|is not executable/.test(one)),
    }).toMatchObject({ faults: [] });
    const operation = document.definitions[0] as OperationDefinitionNode;
    const variableValues = { yes: true, ...(index % 2 === 0 ? { by: 3 } : {}) };
    const theirs = await execute({ schema, document, variableValues, contextValue: context() });
    const variables = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues).coerced!;
    // The second execution uses the plan of the first.
    for (let time = 0; time < 2; time += 1) {
      const ours = await executeOperation({ schema, document, operation, variables, context: context() });
      expect({ name, text, answer: comparable(ours) }).toEqual({ name, text, answer: comparable(theirs) });
    }
    met.errors += theirs.errors?.length ?? 0;
    met.nulls += theirs.data === null ? 1 : 0;
    met.conditions += /@skip|@include/.test(text) ? 1 : 0;
  }
  // The documents are worth something only if they fail in many ways.
  expect(met.errors).toBeGreaterThan(DOCUMENTS);
  expect(met.nulls).toBeGreaterThan(DOCUMENTS / 100);
  expect(met.conditions).toBeGreaterThan(DOCUMENTS / 4);
});
