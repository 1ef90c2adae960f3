import "reflect-metadata";
import { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import Fastify from "fastify";
import { Arg, buildSchema, Field, ID, Int, ObjectType, Query, Resolver } from "type-graphql";
import { runChild } from "./child.js";

/** A bare Apollo + type-graphql server that answers one payload out of memory: the floor that crmesh is measured from. */
runChild(async ({ page }) => {
  const schema = await buildSchema({ resolvers: [contactsResolver(fromJson(page))], validate: false });
  const apollo = new ApolloServer({ schema, introspection: false });
  await apollo.start();
  const app = Fastify();
  app.post("/graphql", fastifyApolloHandler(apollo));
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  return { ready: { url: `${origin}/graphql` } };
});

/** Decorators written as calls, as this is plain JavaScript. */
function objectType(name, fields) {
  const type = class {};
  ObjectType(name)(type);
  for (const [field, [of, options]] of Object.entries(fields)) Field(of, options)(type.prototype, field);
  return type;
}

const nullable = { nullable: true };

const EmailAddress = objectType("EmailAddress", { address: [() => String], isPrimary: [() => Boolean] });
const PhoneNumber = objectType("PhoneNumber", { number: [() => String], type: [() => String, nullable] });
const Contact = objectType("Contact", {
  id: [() => ID],
  nativeId: [() => String],
  firstName: [() => String, nullable],
  lastName: [() => String, nullable],
  fullName: [() => String],
  title: [() => String, nullable],
  emails: [() => [EmailAddress]],
  phones: [() => [PhoneNumber]],
  lifecycleStage: [() => String, nullable],
  createdAt: [() => Date, nullable],
  updatedAt: [() => Date, nullable],
});
const PageInfo = objectType("PageInfo", { hasNextPage: [() => Boolean], endCursor: [() => String, nullable] });
const ContactConnection = objectType("ContactConnection", { nodes: [() => [Contact]], pageInfo: [() => PageInfo] });

function contactsResolver(page) {
  class ContactsResolver {
    contacts() {
      return page;
    }
  }
  const { prototype } = ContactsResolver;
  Reflect.defineMetadata("design:paramtypes", [String, Number], prototype, "contacts");
  Arg("provider", () => String)(prototype, "contacts", 0);
  Arg("first", () => Int)(prototype, "contacts", 1);
  Query(() => ContactConnection)(prototype, "contacts", Object.getOwnPropertyDescriptor(prototype, "contacts"));
  Resolver()(ContactsResolver);
  return ContactsResolver;
}

function fromJson({ nodes, pageInfo }) {
  return {
    nodes: nodes.map((node) => ({
      ...node,
      createdAt: new Date(node.createdAt),
      updatedAt: new Date(node.updatedAt),
    })),
    pageInfo,
  };
}
