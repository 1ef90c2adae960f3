import type { FastifyInstance } from "fastify";
import { withLongNumbers } from "../graphql/request-json.js";

/**
 * Reads JSON bodies as Fastify does, with its refusal of names that poison prototypes, and keeps all digits of numbers.
 */
export function readLongNumbers(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, text, done) => {
    void parse(request, text, (error, body) => {
      if (error) return done(error);
      try {
        return done(null, withLongNumbers(text, body));
      } catch {
        return done(Object.assign(new Error("The body is nested too deeply."), { statusCode: 400 }));
      }
    });
  });
}
