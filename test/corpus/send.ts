import type { ModelUsage, TokenUsage, UsageEvent } from "@tollgate/core";
import { createMeteredFetch } from "@tollgate/instrumentation/fetch";
import { matchCall } from "@tollgate/wire";
import { responseBytes, type CorpusCase } from "./corpus-case.ts";
import { endToEndHeaders, type ReplayFetch } from "./replay-server.ts";

/** What was read of an exchange. */
export interface Reading {
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  /** `undefined`: no counts in the answer. */
  readonly usage: TokenUsage | undefined;
  readonly additionalUsage: readonly ModelUsage[];
  readonly finishReasons: readonly string[];
  readonly toolCalls: readonly string[];
  /** The event that all of this is from. */
  readonly event: UsageEvent;
}

/** Nothing claims to read this exchange; says why. */
export interface NotRead {
  readonly notRead: "no API at this URL" | "request not recognised";
}

/** Sends one recorded request, takes the answer to its end and says what was read of both. */
export type Send = (exchange: CorpusCase, fetch: ReplayFetch) => Promise<Reading | NotRead>;

/** Sends through `createMeteredFetch`, as an app's calls go, and reads the event that it booked. */
export const sendMetered: Send = async (exchange, fetch) => {
  const { request } = exchange;
  const events: UsageEvent[] = [];
  const replay: typeof globalThis.fetch = (_url, init) => fetch(exchange.request.url, init ?? {});
  const metered = createMeteredFetch(replay, {
    spans: false,
    // Hidden chunks would be missing from the bytes that are compared below.
    injectUsage: false,
    onUsage: (event) => events.push(event),
  });
  const headers = endToEndHeaders(request.headers).map(([name, value]): [string, string] => [
    name,
    value,
  ]);
  const { method, url, body = null } = request;
  const response = await metered(url, { method, headers, body });
  if (!(await givesRecordedBytes(response, exchange))) throw new Error("the app gets other bytes");
  const [event, ...more] = events;
  if (event === undefined) return { notRead: whyNotRead(exchange) };
  if (more.length > 0) throw new Error(`booked ${events.length} times`);
  return {
    requestModel: event.requestModel,
    responseModel: event.responseModel,
    usage: event.estimated ? undefined : event.usage,
    additionalUsage: event.additionalUsage,
    finishReasons: event.finishReasons,
    toolCalls: event.toolCalls,
    event,
  };
};

/** Reads as streams are read, chunk by chunk. */
async function givesRecordedBytes(response: Response, exchange: CorpusCase): Promise<boolean> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).equals(responseBytes(exchange));
}

function whyNotRead({ request }: CorpusCase): NotRead["notRead"] {
  return matchCall(request.method, request.url) === undefined
    ? "no API at this URL"
    : "request not recognised";
}
