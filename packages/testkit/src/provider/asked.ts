import type { RecordedRequest } from "./recorded-request.ts";

/** What a request asks for, whatever API it speaks. */
export interface Asked {
  readonly model: string;
  readonly streaming: boolean;
  /** Output is cut here; `Infinity` when the request sets no limit. */
  readonly outputLimitTokens: number;
}

/** Reads the members that most APIs agree on. */
export function readAsked({ body }: RecordedRequest): Asked {
  return {
    model: typeof body["model"] === "string" ? body["model"] : "unknown",
    streaming: body["stream"] === true,
    outputLimitTokens: readLimit(
      body["max_completion_tokens"] ?? body["max_output_tokens"] ?? body["max_tokens"],
    ),
  };
}

/** A limit on output; what is no positive number is no limit. */
export function readLimit(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : Infinity;
}
