import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogRecord, PointRecord, SpanRecord } from "../../src/index.ts";
import { origin, START_MS } from "../dialects/records.ts";
import { newFolder, openPipeline, type Pipeline } from "./open-pipeline.ts";
import {
  CALL_NANO_USD,
  callSpan,
  claudeLog,
  claudePoint,
  ownSpan,
  plainSpan,
  spanId,
  tokenPoint,
} from "./told.ts";

const SPANS: readonly SpanRecord[] = [
  callSpan(1),
  // A call in another one, with a span between that tells of none.
  callSpan(2),
  plainSpan(3, 2),
  callSpan(4, { parentSpanId: spanId(3) }),
  // One of our own inside a framework's.
  callSpan(5),
  ownSpan(6, { parentSpanId: spanId(5) }),
  callSpan(7, { operation: "embeddings", parentSpanId: spanId(1) }),
];
const LOGS: readonly LogRecord[] = [claudeLog(1), claudeLog(2), claudeLog(3)];
const COUNTER = origin("", { "service.name": "counts-only" });
const POINTS: readonly PointRecord[] = [
  // Tells again of what the events tell.
  claudePoint("input", 2_000),
  claudePoint("output", 1_000),
  ...[100, 250, 300].map((value, index) =>
    tokenPoint("input", value, { origin: COUNTER, timeMs: START_MS + index }),
  ),
  ...[7, 11, 13].map((value, index) =>
    tokenPoint("output", value, {
      origin: COUNTER,
      temporality: "delta",
      startMs: START_MS + index,
      timeMs: START_MS + index + 1,
    }),
  ),
];

/** 3 leaves of 1,000 and 500 that are charged here, 1 that was in the app, 3 events, and the counters' sums. */
const TOLD = { inputTokens: 4_000 + 3_000 + 300, outputTokens: 2_000 + 1_500 + 31 };
const CENT = 10_000_000;

type Step =
  | { readonly kind: "spans" | "logs" | "points"; readonly which: readonly number[] }
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "crash"; readonly midway: boolean };

const some = (records: readonly unknown[]) =>
  fc.array(fc.nat(records.length - 1), { minLength: 1, maxLength: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("spans" as const), which: some(SPANS) }),
  fc.record({ kind: fc.constant("logs" as const), which: some(LOGS) }),
  fc.record({ kind: fc.constant("points" as const), which: some(POINTS) }),
  fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant("crash" as const), midway: fc.boolean() }),
);

function picked<Item>(items: readonly Item[], which: readonly number[]): Item[] {
  return which.flatMap((index) => items[index] ?? []);
}

const LINK = 2;
const INNER = 3;

/**
 * The span between the outer call and the inner one comes with the inner one, or before. Where it comes after both have been
 * booked nothing told in time that they are one call, and both count (docs/collector.md).
 */
function pickedSpans(which: readonly number[]): SpanRecord[] {
  return picked(SPANS, which.includes(INNER) ? [...which, LINK] : which);
}

/** @returns what goes on: another process after a crash. */
async function take(pipeline: Pipeline, taken: Step): Promise<Pipeline> {
  if (taken.kind === "crash") {
    const underway = taken.midway ? pipeline.booking.settle() : undefined;
    await pipeline.crash();
    await underway?.catch(() => undefined);
    return openPipeline({ folder: pipeline.folder, clock: pipeline.clock });
  }
  if (taken.kind === "wait") {
    await pipeline.clock.advance(taken.seconds * 1_000);
    await pipeline.booking.settle();
  } else if (taken.kind === "spans") await pipeline.spans(pickedSpans(taken.which));
  else if (taken.kind === "logs") await pipeline.logs(picked(LOGS, taken.which));
  else await pipeline.points(picked(POINTS, taken.which));
  return pipeline;
}

test(
  "any split, order and repetition of what is told, with crashes between, gives the same sums",
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      // Metrics wait 90 seconds for events of the same sender, so that no run takes longer.
      fc.asyncProperty(fc.array(step, { maxLength: 7 }), async (steps) => {
        let pipeline = await openPipeline({ folder: newFolder() });
        for (const each of steps) pipeline = await take(pipeline, each);
        await pipeline.spans(SPANS);
        await pipeline.logs(LOGS);
        await pipeline.points(POINTS);
        await pipeline.settle();
        await pipeline.settle();
        expect(await pipeline.summary()).toMatchObject(TOLD);
        expect(await pipeline.count("waiting")).toBe(0);
        const { nanoUsd, tokens, requests } = await pipeline.spent();
        // What our own instrumentation told of was charged in the app, unless the call around it was booked before.
        const own = requests - 6;
        expect([0, 1]).toContain(own);
        expect(tokens).toBe(TOLD.inputTokens + TOLD.outputTokens - 1_500 + own * 1_500);
        const pointsNanoUsd = 300 * 150 + 31 * 600;
        expect(nanoUsd).toBe((3 + own) * CALL_NANO_USD + 3 * CENT + pointsNanoUsd);
        await pipeline.crash();
      }),
      { numRuns: 60 },
    );
  },
);
