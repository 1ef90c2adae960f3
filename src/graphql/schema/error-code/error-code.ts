import { Field, Int, ObjectType, Query, Resolver } from "type-graphql";
import { ERROR_CATALOGUE, ERROR_CODES } from "../../../errors/catalogue.js";
import { ErrorActorEnum, ErrorOriginEnum } from "../shared/enums.js";

@ObjectType({ description: "A code that an error of this API can have.", simpleResolvers: true })
export class ErrorCodeInfo {
  @Field(() => String, { description: "As in `extensions.code`." })
  code!: string;

  @Field(() => Int, { description: "HTTP status hint." })
  status!: number;

  @Field(() => String, { description: "The error’s message." })
  message!: string;

  @Field(() => String, { description: "What to do about it." })
  resolution!: string;

  @Field(() => ErrorOriginEnum, { description: "Who failed." })
  origin!: string;

  @Field(() => ErrorActorEnum, { description: "Who can mend it." })
  actor!: string;

  @Field(() => Boolean, { description: "Whether the same request can succeed later without a change." })
  retryable!: boolean;

  @Field(() => Boolean, { description: "Whether it stands in the documented table; false for crmesh’s additions." })
  documented!: boolean;
}

@Resolver()
export class ErrorCodeResolver {
  @Query(() => [ErrorCodeInfo], { description: "The catalogue of error codes." })
  errorCodes(): ErrorCodeInfo[] {
    return ERROR_CODES.map((code) => ({ code, ...ERROR_CATALOGUE[code] }));
  }
}
