import { Field, Int, ObjectType } from "type-graphql";
import type { UpstreamHealth } from "../../../upstream/health.js";
import { CircuitStateEnum } from "../shared/enums.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType({ description: "A request limit as the CRM last stated it.", simpleResolvers: true })
export class RateLimitStatus {
  @Field(() => Int, { description: "Requests allowed in its window." })
  limit!: number;

  @Field(() => Int, { nullable: true, description: "Requests left of them; null where that is unknown." })
  remaining!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When all of them are left again; null where that is unknown.",
  })
  resetsAt!: Date | null;
}

@ObjectType({ description: "The last failure of a call on the CRM’s side.", simpleResolvers: true })
export class ConnectionFailure {
  @Field(() => String, { description: "A code of `errorCodes`." })
  code!: string;

  @Field(() => DateTime, { description: "When it happened." })
  at!: Date;
}

@ObjectType({
  description:
    "How calls through a connection have fared, as the answering process of crmesh has seen it since it started; " +
    "another replica may have seen something else.",
  simpleResolvers: true,
})
export class ConnectionHealth {
  @Field(() => CircuitStateEnum, {
    description: "Whether calls are let through to the CRM; connections to the same address of it share this.",
  })
  circuit!: string;

  @Field(() => Int, { nullable: true, description: "Seconds until the next probe; null unless the circuit is open." })
  retryAfter!: number | null;

  @Field(() => RateLimitStatus, { nullable: true, description: "Null where the CRM has stated no limit." })
  rateLimit!: RateLimitStatus | null;

  @Field(() => ConnectionFailure, {
    nullable: true,
    description: "Null where no call has failed; it stays when later calls succeed.",
  })
  lastError!: ConnectionFailure | null;

  static of({ circuit, retryAfterMs, rateLimit, lastError }: UpstreamHealth): ConnectionHealth {
    return {
      circuit,
      retryAfter: circuit === "OPEN" ? Math.max(1, Math.ceil(retryAfterMs / 1000)) : null,
      rateLimit: rateLimit && { ...rateLimit, resetsAt: instant(rateLimit.resetsAt) },
      lastError: lastError && { ...lastError, at: new Date(lastError.at) },
    };
  }
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
