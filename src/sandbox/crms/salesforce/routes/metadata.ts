import type { FastifyInstance } from "fastify";
import { originOf } from "../../../kit/request.js";
import type { Field } from "../schema/field.js";
import { RECORD_TYPES } from "../schema/company.js";
import { OBJECTS } from "../schema/index.js";
import type { ObjectSchema } from "../schema/object.js";
import { handler, objectOf, type Call } from "./call.js";

const RESOURCES = ["sobjects", "query", "queryAll", "composite", "limits"];

/** The resources of the API, the descriptions of its objects, and the org's limits. */
export function addMetadataRoutes(app: FastifyInstance): void {
  for (const end of ["", "/"]) app.get(`/services/data/:version${end}`, handler(listResources));
  app.get(
    "/services/data/:version/sobjects/:type/describe",
    handler((call) => describeObject(objectOf(call), call.version)),
  );
  app.get("/services/data/:version/limits", handler(limits));
}

function listResources({ org, request, version }: Call) {
  const resources = RESOURCES.map((name): [string, string] => [name, `/services/data/${version}/${name}`]);
  return { ...Object.fromEntries(resources), identity: org.identityUrl(originOf(request)) };
}

function limits({ account: { usage }, org }: Call) {
  return { DailyApiRequests: { Max: usage.max, Remaining: Math.max(0, usage.max - usage.used(org.now())) } };
}

function describeObject(schema: ObjectSchema, version: string) {
  const base = `/services/data/${version}/sobjects/${schema.name}`;
  return {
    name: schema.name,
    label: schema.label,
    labelPlural: schema.labelPlural,
    keyPrefix: schema.keyPrefix,
    custom: false,
    createable: schema.createable,
    updateable: schema.updateable,
    deletable: schema.deletable,
    queryable: true,
    retrieveable: true,
    searchable: schema.searchable,
    replicateable: true,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
    fields: schema.fields.map(describeField),
    recordTypeInfos: recordTypesOf(schema),
    childRelationships: OBJECTS.flatMap((child) =>
      child.fields
        .filter((field) => field.referenceTo.includes(schema.name))
        .map((field) => ({
          childSObject: child.name,
          field: field.name,
          relationshipName:
            schema.children.find((known) => known.type === child.name && known.field === field.name)?.name ?? null,
          deprecatedAndHidden: false,
        })),
    ),
  };
}

/** The record types that the user may choose, and the master, which stands for none. */
function recordTypesOf(schema: ObjectSchema) {
  const info = (recordTypeId: string, name: string, developerName: string, master: boolean) => {
    return {
      active: true,
      available: true,
      defaultRecordTypeMapping: master,
      developerName,
      master,
      name,
      recordTypeId,
    };
  };
  const own = schema.field("RecordTypeId") ? RECORD_TYPES : [];
  return [
    ...own.map(({ Id, Name, DeveloperName }) => info(Id, Name, DeveloperName, false)),
    info("012000000000000AAA", "Master", "Master", true),
  ];
}

function describeField(field: Field) {
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    length: field.length,
    byteLength: field.length * 3,
    custom: field.name.endsWith("__c"),
    createable: field.createable,
    updateable: field.updateable,
    nillable: field.nillable,
    defaultedOnCreate: field.defaultedOnCreate,
    filterable: field.filterable,
    sortable: field.filterable,
    nameField: field.name === "Name",
    unique: false,
    calculated: false,
    restrictedPicklist: field.restrictedPicklist,
    picklistValues: field.picklist.map((value, index) => ({
      active: true,
      defaultValue: field.defaultedOnCreate && index === 0,
      label: value,
      validFor: null,
      value,
    })),
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
  };
}
