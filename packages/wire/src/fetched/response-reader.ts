import type { ResponseFacts } from "@tollgate/core";
import type { AnswerSource, StreamReader } from "../api.ts";
import { openAiResponses } from "../apis/openai-responses.ts";
import { isJsonObject } from "../json/read.ts";
import {
  resultKey,
  type FetchedListener,
  type FetchedReader,
  type FetchedResult,
  type MatchedFetch,
} from "./fetched.ts";
import { createJsonReader } from "./json-reader.ts";

/** Reads a response that the provider kept, once it has ended; whole, or streamed anew. */
export function createResponseReader(
  fetch: MatchedFetch,
  streamed: boolean,
  { onResult }: Pick<FetchedListener, "onResult">,
): FetchedReader {
  const source: AnswerSource = { provider: fetch.provider, header: () => undefined };
  const note = (facts: ResponseFacts): void => {
    const result = resultOf(facts, fetch);
    if (result !== undefined) onResult(result);
  };
  if (streamed) return createStreamedReader(openAiResponses.createStreamReader(source), note);
  return createJsonReader((value) => {
    // An app may have responses of its own.
    if (isJsonObject(value) && value["object"] === "response") {
      note(openAiResponses.readJson(value, source));
    }
  });
}

function createStreamedReader(
  reader: StreamReader,
  note: (facts: ResponseFacts) => void,
): FetchedReader {
  return {
    open: true,
    write: reader.write,
    json: () => undefined,
    text: (text) => reader.write(new TextEncoder().encode(text)),
    end: () => note(reader.end()),
  };
}

/** What is not at its end says nothing yet: the next fetch will. */
function resultOf(facts: ResponseFacts, { provider }: MatchedFetch): FetchedResult | undefined {
  const { id, complete, errorType, finishReasons } = facts;
  if (id === undefined || !complete) return undefined;
  const isCancelled = finishReasons.includes("cancelled");
  const outcome = isCancelled ? "cancelled" : errorType === undefined ? "ok" : "error";
  return { key: resultKey(provider, id), api: openAiResponses, facts, outcome, free: false };
}
