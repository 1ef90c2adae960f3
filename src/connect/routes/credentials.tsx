import type { FastifyInstance } from "fastify";
import { CrmError } from "../../errors/crm-error.js";
import type { Provider } from "../../providers/contract/contract.js";
import { appAfterwards } from "../afterwards.js";
import { FormVisits, noteFailure, sendPage, slugOf, type Desk } from "../desk.js";
import { formFields } from "../form-fields.js";
import { ProviderPage } from "../pages/provider-page.js";
import { allowFormRedirect } from "../security-headers.js";
import { problemOf } from "../problem.js";
import { operationOf } from "../visit.js";

/** `POST /connect/:sid/:provider`: the credential form, or the answer to what a CRM's OAuth asks first. */
export function credentialRoute(app: FastifyInstance, desk: Desk): void {
  const { options, assets } = desk;
  const visits = new FormVisits(desk);

  app.post("/:sid/:provider", { onRequest: visits.admit }, async (request, reply) => {
    const visit = visits.of(request);
    const provider = visit.provider(slugOf(request));
    const values = entered(provider, request.body);
    const question = provider.oauth?.question;
    try {
      if (question) {
        const answer = options.connect.readAnswer(visit.session.grant, provider.slug, values[question.field.name]);
        // A link and not a redirect leads on to the CRM: browsers hold those to the page's `form-action`.
        const form = { values: { [question.field.name]: answer }, problems: {}, answered: true };
        const page = <ProviderPage visit={visit} provider={provider} notice={null} form={form} assets={assets.paths} />;
        return sendPage(reply, page);
      }
      await options.connect.submitCredentials(
        visit.session.grant,
        provider.slug,
        values,
        operationOf(request, options),
      );
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      const problem = problemOf(error, provider);
      noteFailure(desk, request, error);
      const namesFields = Object.keys(problem.fields).length > 0;
      const notice = namesFields ? null : problem.notice;
      if (problem.retryAfter !== null) void reply.header("retry-after", String(problem.retryAfter));
      allowFormRedirect(reply, appAfterwards(visit.session));
      const form = { values, problems: problem.fields };
      const page = <ProviderPage visit={visit} provider={provider} notice={notice} form={form} assets={assets.paths} />;
      return sendPage(reply, page, problem.status);
    }
    return reply.redirect(visit.links.done(provider.slug), 303);
  });
}

/** The provider's own fields, or the one that its OAuth asks for, as they were typed in; a form that sends others is not ours. */
function entered(provider: Provider, body: unknown): Record<string, string> {
  const sent = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const values: Record<string, string> = {};
  for (const { name } of formFields(provider)) {
    const value = sent[name];
    if (typeof value === "string" && value.trim() !== "") values[name] = value.trim();
  }
  return values;
}
