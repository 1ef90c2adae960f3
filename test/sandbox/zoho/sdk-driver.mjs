import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { URL } from "node:url";
import {
  Choice,
  ConvertLead,
  Coql,
  Environment,
  Fields,
  InitializeBuilder,
  OAuthBuilder,
  ParameterMap,
  Record as Records,
  SDKConfigBuilder,
  Tags,
  TokenStore as Stores,
  UserSignature,
  Users,
} from "@zohocrm/nodejs-sdk-8.0";

/**
 * Calls Zoho with the vendor's own client, one call per message, in a process of its own: the client's modules import
 * each other in circles that the module loader of the tests never finishes with, and it keeps one user for the whole
 * process.
 */

const RESOURCES = mkdtempSync(join(tmpdir(), "crmesh-zoho-sdk-"));
const CONFIG = new SDKConfigBuilder().autoRefreshFields(false).pickListValidation(false).updateAPIDomain(false).build();

/**
 * Tokens are the tests' own; nothing of them is kept. A token counts as a stored one, because the client demands a
 * refresh token for one that it does not find.
 */
class NoStore extends Stores.TokenStore {
  async findToken(token) {
    return token;
  }

  async saveToken() {}
}

async function connect({ origin, account, accessToken, refreshToken, grantToken, redirectUrl, client }) {
  const builder = new OAuthBuilder().clientId(client.id).clientSecret(client.secret).findUser(false);
  // The client keeps what it learns of a user's fields by the user's name.
  builder.userSignature(new UserSignature(`${account}@${new URL(origin).port}`));
  if (accessToken) builder.accessToken(accessToken);
  if (refreshToken) builder.refreshToken(refreshToken);
  if (grantToken) builder.grantToken(grantToken);
  if (redirectUrl) builder.redirectURL(redirectUrl);
  const token = builder.build();
  const initialize = await new InitializeBuilder();
  await initialize
    .environment(new Environment(origin, `${origin}/oauth/v2/token`, origin))
    .token(token)
    .store(new NoStore())
    .SDKConfig(CONFIG)
    .resourcePath(RESOURCES)
    .initialize();
  return token;
}

const DATE_TIMES = new Set(["Start_DateTime", "End_DateTime", "Crmesh_Since"]);
const PICKLISTS = new Set(["Lead_Source", "Lead_Status", "Rating"]);
const LOOKUPS = new Set(["Account_Name", "Who_Id", "What_Id"]);

/** A JSON value as the client wants it. */
async function typed(name, value, module) {
  if (value === null) return null;
  if (DATE_TIMES.has(name)) return new Date(value);
  if (PICKLISTS.has(name)) return new Choice(value);
  if (LOOKUPS.has(name) && module !== "Accounts") {
    const record = new Records.Record();
    record.setId(BigInt(value.id));
    return record;
  }
  if (name === "Owner") {
    const user = new Users.MinifiedUser();
    user.setId(BigInt(value.id));
    return user;
  }
  if (name === "Tag") {
    return value.map((given) => {
      const tag = new Tags.Tag();
      tag.setName(given.name);
      return tag;
    });
  }
  if (name === "Participants") {
    return value.map((given) => {
      const participant = new Records.Participants();
      participant.setType(given.type);
      participant.setParticipant(given.participant);
      return participant;
    });
  }
  return value;
}

async function bodyOf(module, records) {
  const data = [];
  for (const values of records) {
    const record = new Records.Record();
    for (const [name, value] of Object.entries(values)) {
      if (name === "id") record.setId(BigInt(value));
      else record.addKeyValue(name, await typed(name, value, module));
    }
    data.push(record);
  }
  const body = new Records.BodyWrapper();
  body.setData(data);
  return body;
}

async function parametersOf(kind, values = {}) {
  const map = new ParameterMap();
  for (const [name, value] of Object.entries(values)) {
    const parameter = Object.values(kind).find((one) => one.getName() === name);
    await map.add(parameter, value);
  }
  return map;
}

const CALLS = {
  list: async ({ module, parameters }) =>
    new Records.RecordOperations(module).getRecords(await parametersOf(Records.GetRecordsParam, parameters)),
  get: ({ module, id }) => new Records.RecordOperations(module).getRecord(BigInt(id)),
  create: async ({ module, records }) =>
    new Records.RecordOperations(module).createRecords(await bodyOf(module, records)),
  update: async ({ module, id, records }) =>
    new Records.RecordOperations(module).updateRecord(BigInt(id), await bodyOf(module, records)),
  remove: ({ module, id }) => new Records.RecordOperations(module).deleteRecord(BigInt(id)),
  removeAll: async ({ module, parameters }) =>
    new Records.RecordOperations(module).deleteRecords(await parametersOf(Records.DeleteRecordsParam, parameters)),
  count: ({ module }) => new Records.RecordOperations(module).recordCount(),
  query: ({ query }) => {
    const body = new Coql.BodyWrapper();
    body.setSelectQuery(query);
    return new Coql.CoqlOperations().getRecords(body);
  },
  convert: ({ id }) => {
    const body = new ConvertLead.BodyWrapper();
    body.setData([new ConvertLead.LeadConverter()]);
    return new ConvertLead.ConvertLeadOperations(BigInt(id)).convertLead(body);
  },
  users: async ({ parameters }) =>
    new Users.UsersOperations().getUsers(await parametersOf(Users.GetUsersParam, parameters)),
  fields: async ({ module }) =>
    new Fields.FieldsOperations().getFields(await parametersOf(Fields.GetFieldsParam, { module })),
};

async function answerTo({ connection, call, ...rest }) {
  const token = await connect(connection);
  if (call === "tokens") {
    return {
      accessToken: token.getAccessToken(),
      refreshToken: token.getRefreshToken(),
      expiresIn: token.getExpiresIn(),
    };
  }
  const response = await CALLS[call](rest);
  return { status: response.getStatusCode(), json: response.getResponseJSON() ?? null };
}

// One at a time: the client keeps its user in one place.
let last = Promise.resolve();
process.on("message", ({ ticket, ...message }) => {
  last = last.then(async () => {
    try {
      process.send({ ticket, answer: await answerTo(message) });
    } catch (error) {
      process.send({ ticket, failure: { code: error.code ?? null, message: error.message ?? String(error) } });
    }
  });
});
process.on("disconnect", () => {
  rmSync(RESOURCES, { recursive: true, force: true });
  process.exit(0);
});
