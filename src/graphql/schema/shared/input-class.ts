/**
 * A GraphQL input class that has exactly the fields of the type that the adapters read. All those fields are optional, so
 * without this check TypeScript would accept the input of another resource, or a class that lacks a field.
 */
export type InputClass<Input extends Fields, Fields> = (new () => Input) &
  ([keyof Input, keyof Fields] extends [keyof Fields, keyof Input] ? unknown : never);
