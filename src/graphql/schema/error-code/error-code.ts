import { Field, Int, ObjectType, Query, Resolver } from "type-graphql";
import { ERROR_CATALOGUE, ERROR_CODES, type ErrorCode } from "../../../errors/catalogue.js";
import { ErrorActorEnum, ErrorCodeEnum, ErrorOriginEnum } from "../shared/enums.js";

@ObjectType({ description: "An error code of this API.", simpleResolvers: true })
export class ErrorCodeInfo {
  @Field(() => ErrorCodeEnum, { description: "The code, as in `extensions.code`." })
  code!: ErrorCode;

  @Field(() => Int, { description: "Suggested HTTP status." })
  status!: number;

  @Field(() => String, { description: "The error’s message." })
  message!: string;

  @Field(() => String, { description: "What to do about the error." })
  resolution!: string;

  @Field(() => ErrorOriginEnum, { description: "Which side caused the error." })
  origin!: string;

  @Field(() => ErrorActorEnum, { description: "Who can fix the error." })
  actor!: string;

  @Field(() => Boolean, { description: "Whether the same request can succeed later, unchanged." })
  retryable!: boolean;

  @Field(() => Boolean, {
    description: "Whether the code is in the documented table. False for codes that crmesh adds.",
  })
  documented!: boolean;
}

@Resolver()
export class ErrorCodeResolver {
  @Query(() => [ErrorCodeInfo], { description: "The catalogue of error codes." })
  errorCodes(): ErrorCodeInfo[] {
    return ERROR_CODES.map((code) => ({ code, ...ERROR_CATALOGUE[code] }));
  }
}
