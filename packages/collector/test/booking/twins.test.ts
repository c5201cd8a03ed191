import type { KnownSpan, LedgerEvent } from "@tollgate/ledger";
import { expect, test } from "vitest";
import { findTwins } from "../../src/booking/twins.ts";

const OUTER: KnownSpan = {
  key: "span:t:outer",
  organization: undefined,
  operation: "chat",
  traceId: "t",
  spanId: "outer",
  ancestors: ["app"],
  state: "waiting",
  source: "openllmetry",
  scope: "@traceloop/instrumentation-anthropic",
  timeMs: 1_000,
  durationMs: 500,
  outcome: "ok",
  requestModel: "claude-sonnet-4-5",
  responseId: "msg_1",
  inputTokens: 100,
  outputTokens: 10,
};
const INNER: KnownSpan = {
  ...OUTER,
  key: "span:t:inner",
  spanId: "inner",
  source: "anthropic-sdk",
  scope: "com.anthropic.sdk",
  timeMs: 1_001,
  durationMs: 498,
};

/** The app's span holds a chain's. */
const PARENTS = {
  ancestorsOf: (
    _organization: string | undefined,
    _traceId: string,
    parent: string | undefined,
  ): readonly string[] =>
    parent === "chain" ? ["chain", "app"] : parent === undefined ? [] : [parent],
};

/** Spans that are not counted when all are due at once. */
function twinsIn(...spans: readonly KnownSpan[]): readonly (string | undefined)[] {
  return [...findTwins(spans.map(eventOf), spans, PARENTS)].map(({ spanId }) => spanId);
}

function eventOf({ organization, inputTokens, outputTokens, ...span }: KnownSpan): LedgerEvent {
  return {
    ...span,
    id: span.key,
    attribution: { organization },
    provider: "anthropic",
    api: span.source,
    responseModel: undefined,
    streaming: false,
    usage: { inputTokens, outputTokens },
    additionalUsage: [],
    estimated: false,
    cost: { totalNanoUsd: undefined, parts: {}, priceSource: "unpriced" },
    errorType: undefined,
    finishReasons: [],
    toolCalls: [],
    timeToFirstChunkMs: undefined,
    chunks: undefined,
  };
}

test("of two senders' spans that stand beside each other and name one answer, the inner one counts", () => {
  expect(twinsIn(OUTER, INNER)).toEqual(["outer"]);
  expect(twinsIn(INNER, OUTER)).toEqual(["outer"]);
});

test("what has counts counts rather than the inner one", () => {
  const silent = { ...INNER, inputTokens: undefined, outputTokens: undefined };
  expect(twinsIn(OUTER, silent)).toEqual(["inner"]);
});

test("what names a model counts rather than the inner one", () => {
  expect(twinsIn(OUTER, { ...INNER, requestModel: undefined })).toEqual(["inner"]);
});

test("senders that count one answer differently tell of it all the same", () => {
  expect(twinsIn({ ...OUTER, outputTokens: 11 }, INNER)).toEqual(["outer"]);
});

test("a span that ends before the one that began after it tells of the same call", () => {
  expect(twinsIn({ ...OUTER, durationMs: 400 }, INNER)).toEqual(["outer"]);
});

test("what is booked stays, whichever it is", () => {
  expect([
    ...findTwins([eventOf(INNER)], [{ ...OUTER, state: "booked" }, INNER], PARENTS),
  ]).toHaveLength(1);
});

test("each decides alike, whether or not the other is due at the same time", () => {
  expect([...findTwins([eventOf(OUTER)], [OUTER, INNER], PARENTS)]).toHaveLength(1);
  expect([...findTwins([eventOf(INNER)], [OUTER, INNER], PARENTS)]).toHaveLength(0);
});

test("calls that failed have no answer to name: the span around them will do", () => {
  const failed = {
    outcome: "error",
    responseId: undefined,
    inputTokens: undefined,
    outputTokens: undefined,
  } as const;
  expect(twinsIn({ ...OUTER, ...failed }, { ...INNER, ...failed })).toEqual(["outer"]);
  const elsewhere = { ...INNER, ...failed, ancestors: ["other"] };
  expect(twinsIn({ ...OUTER, ...failed }, elsewhere)).toEqual([]);
});

test("a framework's span may stand deeper than that of the SDK that it calls", () => {
  const framework = { ...OUTER, responseId: undefined, ancestors: ["chain"] };
  expect(twinsIn(framework, INNER)).toEqual(["outer"]);
});

test("two instrumentations that speak one dialect are two", () => {
  expect(twinsIn(OUTER, { ...INNER, source: OUTER.source })).toEqual(["outer"]);
});

test("two calls are two calls", () => {
  expect(twinsIn(OUTER, { ...INNER, source: OUTER.source, scope: OUTER.scope })).toEqual([]);
  expect(twinsIn(OUTER, { ...INNER, responseId: "msg_2" })).toEqual([]);
  expect(twinsIn(OUTER, { ...INNER, inputTokens: 101, responseId: undefined })).toEqual([]);
  expect(twinsIn(OUTER, { ...INNER, requestModel: "claude-haiku-4-5" })).toEqual([]);
  expect(twinsIn(OUTER, { ...INNER, operation: "embeddings" })).toEqual([]);
  expect(twinsIn(OUTER, { ...INNER, organization: "acme" })).toEqual([]);
});

test("one answer's id for all answers does not make them one", () => {
  expect(twinsIn(OUTER, { ...INNER, timeMs: 1_600 })).toEqual([]);
});
