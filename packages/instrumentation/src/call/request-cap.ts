import {
  capOutput,
  leastOutputTokens,
  outputCapOf,
  type MatchedCall,
  type OutputCap,
} from "@tollgate/wire";
import type { RequestKind } from "./client-kind.ts";

/** How the output of one request can be limited; looked at only when a budget wants to. */
export interface RequestCap {
  /** The least limit that makes sense, tokens per choice; `undefined` when none can be put on this request. */
  leastOutputTokens(): number | undefined;
  /** What a request without a limit of its own gets; `undefined` when that is the model's own limit. */
  otherwise(): number | undefined;
}

interface PuttingCap<Init> extends RequestCap {
  /** What to send the request with, so limited; `undefined` when that cannot be done. */
  put(maxOutputTokens: number): Init | undefined;
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
): PuttingCap<Init> | undefined {
  if (body === undefined || requests.withBody === undefined) return undefined;
  if (match.api.outputCap === undefined) return undefined;
  const place = (): OutputCap | undefined => outputCapOf(match, url, model);

  function put(maxOutputTokens: number): Init | undefined {
    const at = place();
    const capped = at && body !== undefined ? capOutput(body, at, maxOutputTokens) : undefined;
    return capped === undefined ? undefined : requests.withBody?.(input, init, capped);
  }

  return {
    put,
    otherwise: () => place()?.otherwise,
    leastOutputTokens() {
      const at = place();
      const least = at && leastOutputTokens(body, at);
      return least === undefined || put(least) === undefined ? undefined : least;
    },
  };
}
