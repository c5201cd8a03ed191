import type { RequestFacts } from "@tollgate/core";
import { modelInPath } from "./model-in-path.ts";

/**
 * A request of whose body nothing is known: it is a stream, a form or something else that reading
 * would consume.
 */
export function unreadRequest(path?: string): RequestFacts {
  return {
    model: modelInPath(path),
    streaming: false,
    maxOutputTokens: undefined,
    choices: 1,
    bodyBytes: 0,
    serviceTier: undefined,
    unboundable: "the request body cannot be read",
  };
}
