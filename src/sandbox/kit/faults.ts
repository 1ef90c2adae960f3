import type { FastifyRequest } from "fastify";
import type { SandboxCrm, SpokenFault, WireAnswer } from "./crm.js";
import { pathOf } from "./request.js";
import { wireAnswer } from "./wire.js";

/** An answer, or a function that makes an answer for each request. */
type FaultAnswer = WireAnswer | ((request: FastifyRequest) => WireAnswer);

/** A CRM's answers to the faults of its API. */
export type ApiFaults = Readonly<Record<SpokenFault, FaultAnswer>>;

/** The answers of the token and revocation endpoints, if they differ. With null, the server executes the call. */
export type TokenFaults = Readonly<Partial<Record<SpokenFault, FaultAnswer | null>>>;

/** Makes a CRM's `speakFault` from its answers. */
export function faultSpeaker(
  api: ApiFaults,
  token: TokenFaults = {},
  tokenPaths: readonly string[] = [],
): SandboxCrm["speakFault"] {
  return (fault, request, reply) => {
    const own = tokenPaths.includes(pathOf(request)) ? token[fault] : undefined;
    if (own === null) return false;
    const answer = own ?? api[fault];
    void wireAnswer(reply, typeof answer === "function" ? answer(request) : answer);
    return true;
  };
}
