import type { FastifyInstance } from "fastify";
import type { SandboxCrmContext } from "../../kit/crm.js";
import { RequestWindow } from "../../kit/request-window.js";
import type { ZohoAccount } from "./account.js";
import { tooManyRequests } from "./errors.js";
import { accountOf } from "./request.js";

const DAY = 24 * 60 * 60 * 1000;
/** API credits of the Free edition in 24 hours, and calls that it carries out at once. */
const CREDITS = 5000;
const CONCURRENT = 5;

interface Use {
  credits: RequestWindow;
  inFlight: number;
}

/** Credits are told once half of them is used; that they are used up, and that too many calls run at once, sounds alike. */
export function addRequestLimits(api: FastifyInstance, { limits, now }: SandboxCrmContext): void {
  const uses = new WeakMap<ZohoAccount, Use>();
  const useOf = (account: ZohoAccount): Use => {
    const use = uses.get(account) ?? { credits: new RequestWindow(CREDITS, DAY), inFlight: 0 };
    uses.set(account, use);
    return use;
  };
  if (limits === "report") return;
  api.addHook("preParsing", async (request, reply) => {
    const use = useOf(accountOf(request));
    use.inFlight += 1;
    reply.raw.once("close", () => (use.inFlight -= 1));
    const fits = use.credits.take(now());
    const { remaining } = use.credits;
    if (remaining <= CREDITS / 2) void reply.header("X-API-CREDITS-REMAINING", remaining);
    if (!fits || use.inFlight > CONCURRENT) throw tooManyRequests();
  });
}
