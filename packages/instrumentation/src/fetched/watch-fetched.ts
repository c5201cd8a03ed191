import { currentMeteredUrl, withMeteredUrl, type Attribution } from "@tollgate/core";
import {
  createFetchedReader,
  matchFetched,
  type Endpoint,
  type MatchedFetch,
} from "@tollgate/wire";
import { context, diag } from "@opentelemetry/api";
import type { Toll } from "../call/call.ts";
import type { AnswerKind, ClientKind } from "../call/client-kind.ts";
import { contextForProvider } from "../call/resolve-attribution.ts";
import { guarded } from "../tap/guarded.ts";
import { createFetchedBooks } from "./book-fetched.ts";
import { createFetchedSink } from "./fetched-sink.ts";

/** Sends a request that is no call, and counts what it fetches of calls made earlier. */
export type WatchFetched = <Input, Init, Answer>(
  kind: ClientKind<Input, Init, Answer>,
  send: (input: Input, init: Init) => Promise<Answer>,
  input: Input,
  init: Init,
) => Promise<Answer>;

interface Found {
  readonly fetch: MatchedFetch;
  readonly url: string;
  readonly isPost: boolean;
}

/**
 * Watches for usage that arrives later: stored and background responses, files of batch results.
 * Never refuses or changes anything: what is fetched has been used already.
 *
 * @param onFound - called before each request that may bring some.
 */
export function createFetchedWatch(
  toll: Toll,
  endpoints: readonly Endpoint[] | undefined,
  onFound: () => void,
): WatchFetched {
  return ({ requests, answers }, send, input, init) => {
    const found = guarded("looking at a request", (): Found | undefined => {
      const method = requests.method(input, init);
      const url = requests.url(input, init);
      const fetch = matchFetched(method, url, endpoints);
      if (fetch === undefined || currentMeteredUrl() === url) return undefined;
      return { fetch, url, isPost: method.toUpperCase() === "POST" };
    });
    if (found === undefined) return send(input, init);
    onFound();
    const fetcher = guarded("finding who pays", toll.attribution) ?? {};
    const sending = context.with(contextForProvider(), () =>
      withMeteredUrl(found.url, () => send(input, init)),
    );
    return sending.then((answer) => {
      guarded("watching a fetched result", () => {
        watchAnswer(toll, found, fetcher, answer, answers);
      });
      return answer;
    });
  };
}

const OK = 200;

function warn({ serverAddress, kind }: MatchedFetch, problem: string): void {
  diag.warn(`tollgate: ${kind} fetched from ${serverAddress}: ${problem}`);
}

/** Part of a file (206) is left alone: where its lines begin is not known. */
function watchAnswer<Answer>(
  toll: Toll,
  { fetch, isPost }: Found,
  fetcher: Attribution,
  answer: Answer,
  answers: AnswerKind<Answer>,
): void {
  if (answers.status(answer) !== OK) return;
  const books = createFetchedBooks(toll, fetch, fetcher);
  const contentType = answers.header(answer, "content-type") ?? "";
  const reader = createFetchedReader(fetch, contentType, {
    onResult(result) {
      books.book(result);
      for (const problem of result.facts.problems) warn(fetch, problem);
    },
    onProblem: (problem) => warn(fetch, problem),
    onBatch: (batch) => toll.later.noteBatch(batch, isPost ? fetcher : undefined),
  });
  if (reader !== undefined) answers.tap(answer, createFetchedSink(reader, books.charge));
}
