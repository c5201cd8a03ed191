import type { RequestFacts } from "@tollgate/core";

/** A request of which nothing is known: its body is a stream or something else that reading would consume. */
export function unreadRequest(): RequestFacts {
  return {
    model: undefined,
    streaming: false,
    maxOutputTokens: undefined,
    choices: 1,
    bodyBytes: 0,
    serviceTier: undefined,
    unboundable: "the request body cannot be read",
  };
}
