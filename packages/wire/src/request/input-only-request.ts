import type { RequestFacts } from "@tollgate/core";
import type { RequestBody } from "./request-body.ts";

/** A request that asks for no generated tokens. */
export function inputOnlyRequest(body: RequestBody, model: string | undefined): RequestFacts {
  return {
    model,
    streaming: false,
    maxOutputTokens: undefined,
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: undefined,
  };
}

/** A text or a list: of texts, of tokens, of parts. */
export function hasInput(body: RequestBody): boolean {
  return body.isArray("input") || body.text("input") !== undefined;
}
