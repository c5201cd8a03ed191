import { isJsonObject, readLabel } from "../json/read.ts";
import type { FetchedListener, FetchedReader, MatchedFetch } from "./fetched.ts";
import { createJsonReader } from "./json-reader.ts";
import { createResponseReader } from "./response-reader.ts";
import { createResultsReader } from "./results-reader.ts";

/**
 * A reader of what a fetch answers with.
 *
 * @returns `undefined` when an answer of this content type says nothing that is looked for.
 */
export function createFetchedReader(
  fetch: MatchedFetch,
  contentType: string,
  listener: FetchedListener,
): FetchedReader | undefined {
  // Files come as whatever their provider thinks they are: what they are is seen from their first bytes.
  if (fetch.kind === "results") return createResultsReader(fetch, listener);
  const streamed = contentType.includes("text/event-stream");
  if (!streamed && !contentType.includes("json")) return undefined;
  return fetch.kind === "response"
    ? createResponseReader(fetch, streamed, listener)
    : createBatchReader(listener);
}

const FILE_KEYS = ["output_file_id", "error_file_id"];

/** Anthropic's batches have no files: their results are fetched by the id of the batch. */
function createBatchReader({ onBatch }: FetchedListener): FetchedReader {
  return createJsonReader((value) => {
    if (!isJsonObject(value)) return;
    const id = readLabel(value, "id");
    const isBatch = value["object"] === "batch" || value["type"] === "message_batch";
    if (id === undefined || !isBatch) return;
    onBatch({ id, fileIds: FILE_KEYS.flatMap((key) => readLabel(value, key) ?? []) });
  });
}
