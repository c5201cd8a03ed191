import fc from "fast-check";
import { responseBytes, type CorpusCase } from "./corpus-case.ts";
import type { ReplayFetch } from "./replay-server.ts";

/** A few long pieces, many short ones, single bytes: wherever a network may cut. */
const MAX_CUTS = 60;

/**
 * Fetches that give an exchange's answer cut at places of their own, the same ones in every run: what is read of it, and
 * what the app gets, must not depend on them.
 */
export function splitFetches(exchange: CorpusCase, count: number): readonly ReplayFetch[] {
  const bytes = responseBytes(exchange);
  const cuts = fc.uniqueArray(fc.nat({ max: bytes.length }), { maxLength: MAX_CUTS });
  return fc
    .sample(cuts, { numRuns: count, seed: exchange.id.length })
    .map((places) => () => Promise.resolve(answerInPieces(exchange, bytes, places)));
}

function answerInPieces(
  { response }: CorpusCase,
  bytes: Uint8Array,
  places: readonly number[],
): Response {
  const ends = [...places.toSorted((a, b) => a - b), bytes.length];
  let start = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const end = ends.shift();
      if (end === undefined) controller.close();
      else controller.enqueue(bytes.slice(start, end));
      start = end ?? start;
    },
  });
  return new Response(body, { status: response.status, headers: { ...response.headers } });
}
