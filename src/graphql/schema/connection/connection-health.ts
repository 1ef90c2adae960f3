import { Field, Int, ObjectType } from "type-graphql";
import type { UpstreamHealth } from "../../../upstream/health.js";
import { CircuitStateEnum } from "../shared/enums.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType({ description: "A request limit, as the CRM last reported it.", simpleResolvers: true })
export class RateLimitStatus {
  @Field(() => Int, { description: "Requests allowed per time window." })
  limit!: number;

  @Field(() => Int, { nullable: true, description: "Requests left in this time window. Null if unknown." })
  remaining!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the time window ends and all requests are available again. Null if unknown.",
  })
  resetsAt!: Date | null;
}

@ObjectType({ description: "The last call that failed on the CRM’s side.", simpleResolvers: true })
export class ConnectionFailure {
  @Field(() => String, { description: "Error code from `errorCodes`." })
  code!: string;

  @Field(() => DateTime, { description: "When the call failed." })
  at!: Date;
}

@ObjectType({
  description:
    "Health of a connection’s calls, as seen by the answering crmesh process since it started. Other replicas may " +
    "report something else.",
  simpleResolvers: true,
})
export class ConnectionHealth {
  @Field(() => CircuitStateEnum, {
    description: "State of this connection’s own circuit breaker. Its calls that fail in a row open it.",
  })
  circuit!: string;

  @Field(() => CircuitStateEnum, {
    description:
      "State of the circuit breaker of the CRM’s address. It opens if calls of several end users fail and nobody’s " +
      "call succeeds, and closes on the first success.",
  })
  providerCircuit!: string;

  @Field(() => Int, {
    nullable: true,
    description: "Seconds until the next probe. The longer time if both circuits are open; null if none is.",
  })
  retryAfter!: number | null;

  @Field(() => RateLimitStatus, {
    nullable: true,
    description: "Request limit as the CRM reported it. Null if the CRM has reported none.",
  })
  rateLimit!: RateLimitStatus | null;

  @Field(() => ConnectionFailure, {
    nullable: true,
    description: "The last failed call. It remains after later calls succeed. Null if no call has failed.",
  })
  lastError!: ConnectionFailure | null;

  static of({ circuit, providerCircuit, retryAfterMs, rateLimit, lastError }: UpstreamHealth): ConnectionHealth {
    return {
      circuit,
      providerCircuit,
      retryAfter: retryAfterMs > 0 ? Math.ceil(retryAfterMs / 1000) : null,
      rateLimit: rateLimit && { ...rateLimit, resetsAt: instant(rateLimit.resetsAt) },
      lastError: lastError && { ...lastError, at: new Date(lastError.at) },
    };
  }
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
