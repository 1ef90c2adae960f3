export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface SpanStart {
  name: string;
  /** `internal` by default. */
  kind?: "server" | "client" | "internal";
  attributes?: Attributes;
}

/** A piece of work in a trace. Nothing here throws. */
export interface Span {
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** Marks the span as failed. @param type the code or the class of the error, never its text */
  fail(type: string): void;
}

/** The span of an HTTP request. */
export interface RequestSpan extends Span {
  /** 32 hexadecimal digits: those of the caller's `traceparent`, or new ones. */
  readonly traceId: string;
  /** Runs work of the request: its spans become children of this one. */
  run<Result>(work: () => Result): Result;
  end(): void;
}

/** A span whose work consists of several calls. It ends with the last of them. */
export interface Part {
  /** Runs one call. An error marks the part as failed. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Writes spans. The parent of a span is the one in whose work it begins. Nothing here throws. */
export interface Tracing {
  /** Begins the span of a request. @param headers the request's, in lower case */
  request(start: SpanStart, headers: Readonly<Record<string, string | string[] | undefined>>): RequestSpan;
  /** Runs work in a span. An error marks it as failed. */
  span<Result>(start: SpanStart, work: (span: Span) => Promise<Result>): Promise<Result>;
  /** Runs work in a span that its parts belong to, however deep in the work they begin. */
  whole<Result>(start: SpanStart, work: (span: Span) => Promise<Result>): Promise<Result>;
  /** Begins a part of the nearest `whole`; undefined if there is none. */
  part(start: SpanStart): Part | undefined;
  /** Writes a span for work that has just ended. @param failure the code or the class of its error */
  past(start: SpanStart, durationMs: number, failure?: string): void;
}

/** The code of an error, or the name of its class. Never its text, which may contain data. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
