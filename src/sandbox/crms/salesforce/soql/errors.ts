import { badRequest, type SalesforceError } from "../errors.js";

const CONTEXT = 30;

export function malformedQuery(soql: string, at: number, problem: string): SalesforceError {
  return badRequest("MALFORMED_QUERY", located(soql, at, problem));
}

export function noSuchColumn(soql: string, at: number, column: string, entity: string): SalesforceError {
  const problem =
    `No such column '${column}' on entity '${entity}'. If you are attempting to use a custom field, be sure to ` +
    "append the '__c' after the custom field name. Please reference your WSDL or the describe call for the " +
    "appropriate names.";
  return badRequest("INVALID_FIELD", located(soql, at, problem));
}

export function invalidField(soql: string, at: number, problem: string): SalesforceError {
  return badRequest("INVALID_FIELD", located(soql, at, problem));
}

export function unsupportedObject(soql: string, at: number, name: string): SalesforceError {
  const problem =
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append ` +
    "the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.";
  return badRequest("INVALID_TYPE", located(soql, at, problem));
}

/** Writes an error in Salesforce's form: a part of the query, the position in the query, and the problem. */
function located(soql: string, at: number, problem: string): string {
  const before = soql.slice(0, at);
  const row = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  const piece = soql.slice(Math.max(0, at - CONTEXT), at + CONTEXT);
  return `\n${piece}\n${" ".repeat(Math.min(at, CONTEXT))}^\nERROR at Row:${row}:Column:${column}\n${problem}`;
}
