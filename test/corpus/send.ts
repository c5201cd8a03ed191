import type { ModelUsage, TokenUsage } from "@tollgate/core";
import { matchCall, type WireApi } from "@tollgate/wire";
import type { CorpusCase } from "./corpus-case.ts";
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
}

/** Nothing claims to read this exchange; says why. */
export interface NotRead {
  readonly notRead: "no API at this URL" | "request not recognised";
}

/** Sends one recorded request, takes the answer to its end and says what was read of both. */
export type Send = (exchange: CorpusCase, fetch: ReplayFetch) => Promise<Reading | NotRead>;

/** Reads with `@tollgate/wire` alone. */
export const sendThroughWire: Send = async (exchange, fetch) => {
  const { request } = exchange;
  const match = matchCall(request.method, request.url);
  if (match === undefined) return { notRead: "no API at this URL" };
  const asked = match.api.readRequest(request.body);
  if (asked === undefined) return { notRead: "request not recognised" };
  const response = await fetch(request.url, {
    method: request.method,
    headers: endToEndHeaders(request.headers).map(([name, value]): [string, string] => [
      name,
      value,
    ]),
    body: request.body ?? null,
  });
  const facts = await readAnswer(match.api, response);
  return { ...facts, requestModel: asked.model, responseModel: facts.model };
};

async function readAnswer(
  api: WireApi,
  response: Response,
): Promise<ReturnType<WireApi["readJson"]>> {
  const contentType = response.headers.get("content-type") ?? "";
  if (!contentType.includes("text/event-stream"))
    return api.readJson(parseJson(await response.text()));
  const reader = api.createStreamReader();
  for await (const chunk of response.body ?? []) reader.write(chunk);
  return reader.end();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
