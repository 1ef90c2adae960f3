import type { FastifyInstance } from "fastify";
import { CrmError } from "../../errors/crm-error.js";
import type { Provider } from "../../providers/contract/contract.js";
import { returnUrl } from "../return-url.js";
import { FormGuard } from "../form-guard.js";
import { operationOf } from "../operation.js";
import { sendPage } from "../page-reply.js";
import { noteFailure, type ConnectServices } from "../services.js";
import { askedField, formFields } from "../form-fields.js";
import { ProviderPage } from "../pages/provider-page.js";
import { allowFormRedirect } from "../security-headers.js";
import { problemOf } from "../problem.js";
import { slugOf } from "../session-view.js";

/** `POST /connect/:sid/:provider`: takes the credential form, or the form before the consent page. */
export function credentialRoute(app: FastifyInstance, services: ConnectServices): void {
  const { options, assets } = services;
  const forms = new FormGuard(services);

  app.post("/:sid/:provider", { onRequest: forms.admit }, async (request, reply) => {
    const view = forms.viewOf(request);
    const provider = view.provider(slugOf(request));
    const values = entered(provider, request.body);
    const asked = askedField(provider);
    try {
      if (asked) {
        const answer = options.connect.readAnswer(view.session.grant, provider.slug, values[asked.name]);
        // Continue to the CRM by a link: browsers apply the page's `form-action` to redirects after a form.
        const form = { values: { [asked.name]: answer }, problems: {}, answered: true };
        const page = <ProviderPage view={view} provider={provider} notice={null} form={form} assets={assets.paths} />;
        return sendPage(reply, page);
      }
      await options.connect.submitCredentials(view.session.grant, provider.slug, values, operationOf(request, options));
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      const problem = problemOf(error, provider);
      noteFailure(services, request, error);
      const namesFields = Object.keys(problem.fields).length > 0;
      const notice = namesFields ? null : problem.notice;
      if (problem.retryAfter !== null) void reply.header("retry-after", String(problem.retryAfter));
      allowFormRedirect(reply, returnUrl(view));
      const form = { values, problems: problem.fields };
      const page = <ProviderPage view={view} provider={provider} notice={notice} form={form} assets={assets.paths} />;
      return sendPage(reply, page, problem.status);
    }
    return reply.redirect(view.paths.done(provider.slug), 303);
  });
}

/** Reads the fields of the provider's form. Ignores all others. */
function entered(provider: Provider, body: unknown): Record<string, string> {
  const sent = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const values: Record<string, string> = {};
  for (const { name } of formFields(provider)) {
    const value = sent[name];
    if (typeof value === "string" && value.trim() !== "") values[name] = value.trim();
  }
  return values;
}
