import { capOutput, leastOutputTokens, outputCapOf, type MatchedCall } from "@tollgate/wire";
import type { RequestKind } from "./client-kind.ts";

/** How the output of one request can be limited. */
export interface RequestCap {
  /** The least limit that makes sense, tokens per choice; `undefined` when none can be put on this request. */
  leastOutputTokens(): number | undefined;
  /** What a request without a limit of its own gets; `undefined` when that is the model's own limit. */
  readonly otherwise: number | undefined;
}

interface Capping<Input, Init> {
  readonly requests: RequestKind<Input, Init>;
  readonly input: Input;
  readonly init: Init;
  readonly url: string;
  readonly match: MatchedCall;
}

/**
 * @param body - the text that is to be sent.
 * @returns `undefined` when the API has no such limit, or the body cannot be read or replaced.
 */
export function createRequestCap<Input, Init>(
  { requests, input, init, url, match }: Capping<Input, Init>,
  body: string | undefined,
  model: string | undefined,
): (RequestCap & { put(maxOutputTokens: number): Init | undefined }) | undefined {
  if (body === undefined || requests.withBody === undefined) return undefined;
  const place = outputCapOf(match, url, model);
  if (place === undefined) return undefined;

  function put(maxOutputTokens: number): Init | undefined {
    if (body === undefined || place === undefined) return undefined;
    const capped = capOutput(body, place, maxOutputTokens);
    return capped === undefined ? undefined : requests.withBody?.(input, init, capped);
  }

  return {
    otherwise: place.otherwise,
    leastOutputTokens() {
      const least = leastOutputTokens(body, place);
      return put(least) === undefined ? undefined : least;
    },
    put,
  };
}
