import type { RequestFacts } from "@tollgate/core";
import { openRequestBody, type RequestBody } from "./request-body.ts";
import { unboundableContent } from "./unboundable.ts";
import { unreadRequest } from "./unread-request.ts";

/** What tells a request of an API that generates nothing from any other JSON. */
export interface PlainRequest {
  /** Whether the body is such a request. */
  isOne(body: RequestBody): boolean;
  model(body: RequestBody): string | undefined;
  unboundable?(body: RequestBody): string | undefined;
  /** Keys of parts that are not text, for APIs whose parts have no `type`. */
  readonly mediaKeys?: ReadonlySet<string> | undefined;
  /** True when the provider does not bill it. */
  readonly free?: boolean | undefined;
}

/** Reads a request for embeddings, a ranking or a count: there will be no output tokens. */
export function readPlainRequest(
  text: string | undefined,
  request: PlainRequest,
): RequestFacts | undefined {
  const free = request.free === true ? { free: true } : {};
  if (text === undefined) return { ...unreadRequest(), maxOutputTokens: 0, ...free };
  const body = openRequestBody(text, request.mediaKeys);
  if (!body || !request.isOne(body)) return undefined;
  return {
    model: request.model(body),
    streaming: false,
    maxOutputTokens: 0,
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: unboundableContent(body, request.mediaKeys) ?? request.unboundable?.(body),
    ...free,
  };
}
