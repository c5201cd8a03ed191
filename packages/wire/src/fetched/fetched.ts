import type { CallOutcome, ResponseFacts } from "@tollgate/core";
import type { WireApi } from "../api.ts";

/**
 * What a request asks for that was made by an earlier one.
 *
 * - `response`: a response that the provider keeps, perhaps made in the background.
 * - `results`: a file, which may hold the results of a batch.
 * - `batch`: a batch, which says what its files are called.
 */
export type FetchedKind = "response" | "results" | "batch";

/** A request for something made earlier; it is never billed itself. */
export interface MatchedFetch {
  readonly kind: FetchedKind;
  /** `gen_ai.provider.name`. */
  readonly provider: string;
  /** What the path asks for: a response, a file or a batch; `undefined` where one is being created. */
  readonly id: string | undefined;
  readonly serverAddress: string;
}

/** One answer of a model, made earlier. */
export interface FetchedResult {
  /** The same whenever and wherever the same result is fetched; see {@link resultKey}. */
  readonly key: string;
  readonly api: Pick<WireApi, "id" | "operation">;
  readonly facts: ResponseFacts;
  readonly outcome: Exclude<CallOutcome, "refused" | "pending">;
  /** True when the provider does not bill it. */
  readonly free: boolean;
}

/** A batch and the files that its results are in, as far as they are known. */
export interface FetchedBatch {
  readonly id: string;
  readonly fileIds: readonly string[];
}

/** Hears what is found, as soon as it is read. */
export interface FetchedListener {
  onResult(result: FetchedResult): void;
  onBatch(batch: FetchedBatch): void;
  /** What could not be read although it seemed to be a result, in words, for diagnostics. */
  onProblem(problem: string): void;
}

/** Reads the body of an answer in one of the ways that an app may read it. Never throws on foreign data. */
export interface FetchedReader {
  /** False once it is known that the rest of the body says nothing: it need not be shown then. */
  readonly open: boolean;
  /** Takes the next bytes. What is kept of them is copied. */
  write(chunk: Uint8Array): void;
  /** Takes the whole body, parsed from JSON. */
  json(value: unknown): void;
  /** Takes the body as text, whole or in parts that end where a line does. */
  text(text: string): void;
  /** No more bytes come. */
  end(): void;
}

/** Whether the answers of an API are kept by the provider and can be fetched by their id. */
export function isFetchedLater({ id }: Pick<WireApi, "id">): boolean {
  return id === "openai.responses";
}

/** The ids of a provider's results are its own: those of compatible servers may be anything. */
export function resultKey(provider: string, id: string): string {
  return `${provider}/${id}`;
}
