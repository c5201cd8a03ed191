import { expect, test } from "vitest";
import { newFolder, openPipeline } from "./open-pipeline.ts";
import { CALL_NANO_USD, CALL_TOKENS, callSpan, ownSpan, plainSpan, spanId, TRACE } from "./told.ts";

const ONE_CALL = { nanoUsd: CALL_NANO_USD, tokens: CALL_TOKENS, requests: 1 };
const NOTHING = { nanoUsd: 0, tokens: 0, requests: 0 };

test("a span is durable at once, and counts when its wait is over", async () => {
  const pipeline = await openPipeline();
  await pipeline.spans([callSpan(1)]);
  expect(await pipeline.count("waiting")).toBe(1);
  expect(await pipeline.spent()).toEqual(NOTHING);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({
    events: 1,
    inputTokens: 1_000,
    outputTokens: 500,
    costNanoUsd: CALL_NANO_USD,
  });
  expect(await pipeline.spent()).toEqual(ONE_CALL);
  expect(pipeline.heard).toHaveLength(1);
});

test("a span that is sent again counts once, before and after it is booked and after a restart", async () => {
  const pipeline = await openPipeline();
  await pipeline.spans([callSpan(1), callSpan(1)]);
  await pipeline.spans([callSpan(1)]);
  await pipeline.settle();
  await pipeline.spans([callSpan(1)]);
  await pipeline.settle();
  await pipeline.crash();
  const again = await openPipeline(pipeline);
  await again.spans([callSpan(1), callSpan(2)]);
  await again.settle();
  expect(await again.summary()).toMatchObject({ events: 2, costNanoUsd: 2 * CALL_NANO_USD });
  expect(await again.spent()).toMatchObject({ requests: 2, nanoUsd: 2 * CALL_NANO_USD });
  expect(again.heard).toHaveLength(1);
});

test("what waited when the process died is booked by the next", async () => {
  const folder = newFolder();
  const first = await openPipeline({ folder });
  await first.spans([callSpan(1)]);
  await first.crash();
  await first.clock.advance(60_000);
  const next = await openPipeline({ folder, clock: first.clock });
  expect(await next.spent()).toEqual(ONE_CALL);
  expect(next.heard).toHaveLength(1);
});

test("one replica books what another held and died over, once it is overdue", async () => {
  const folder = newFolder();
  const dying = await openPipeline({ folder, isAlone: false });
  const living = await openPipeline({ folder, clock: dying.clock, isAlone: false });
  await dying.spans([callSpan(1)]);
  await dying.crash();
  await living.spans([callSpan(1), callSpan(2, { traceId: "b".repeat(32) })]);
  await living.clock.advance(11_000);
  await living.booking.settle();
  expect(await living.spent()).toEqual(ONE_CALL);
  await living.clock.advance(61_000);
  await living.booking.settle();
  expect(await living.spent()).toMatchObject({ requests: 2 });
});

test("two replicas that are sent the same book it once", async () => {
  const folder = newFolder();
  const one = await openPipeline({ folder, isAlone: false });
  const other = await openPipeline({ folder, clock: one.clock, isAlone: false });
  await Promise.all([one.spans([callSpan(1)]), other.spans([callSpan(1)])]);
  await one.clock.advance(11_000);
  await Promise.all([one.booking.settle(), other.booking.settle()]);
  expect(await one.spent()).toEqual(ONE_CALL);
  expect(one.heard.length + other.heard.length).toBe(1);
});

test("calls of our own instrumentation are kept, and neither charged nor counted again", async () => {
  const pipeline = await openPipeline();
  await pipeline.spans([ownSpan(1), ownSpan(1), ownSpan(2)]);
  await pipeline.spans([ownSpan(2)]);
  expect(await pipeline.summary()).toMatchObject({ events: 2, costNanoUsd: 2 * CALL_NANO_USD });
  await pipeline.settle();
  expect(await pipeline.spent()).toEqual(NOTHING);
  expect(pipeline.counted()).toEqual([]);
  expect(pipeline.heard).toHaveLength(2);
});

test("countInstrumented counts them, and still charges nothing", async () => {
  const pipeline = await openPipeline({ countInstrumented: true });
  await pipeline.spans([ownSpan(1)]);
  await pipeline.spans([ownSpan(1)]);
  await pipeline.settle();
  expect(await pipeline.spent()).toEqual(NOTHING);
  expect(pipeline.counted()).toHaveLength(1);
});

test("a batch of own calls and others' is one transaction", async () => {
  let transactions = 0;
  const pipeline = await openPipeline({
    wrapLedger: (ledger) => ({
      ...ledger,
      take(...args) {
        transactions++;
        return ledger.take(...args);
      },
    }),
  });
  await pipeline.spans([callSpan(1), ownSpan(2), callSpan(3)]);
  expect(transactions).toBe(1);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ events: 3 });
  expect(await pipeline.spent()).toMatchObject({ requests: 2 });
});

test("two tenants may use the same trace and span ids", async () => {
  const pipeline = await openPipeline();
  const acme = { organization: "acme" };
  const globex = { organization: "globex" };
  await pipeline.spans([callSpan(1)], acme);
  await pipeline.spans([callSpan(1)], globex);
  // Of one the span is inside another call, of the other it is alone.
  await pipeline.spans([callSpan(2, { parentSpanId: spanId(1) })], globex);
  // Nor does one hide the other's call by telling of spans around it.
  await pipeline.spans([plainSpan(1, 9)], globex);
  await pipeline.spans([callSpan(9)], acme);
  await pipeline.settle();
  const { by } = await pipeline.ledger.summary({ by: ["organization"] });
  expect(new Map(by.organization?.map(({ value, events }) => [value, events]))).toEqual(
    new Map([
      ["acme", 2],
      ["globex", 1],
    ]),
  );
});

test("spans of one trace and other span ids are calls of their own", async () => {
  const pipeline = await openPipeline();
  await pipeline.spans([callSpan(1, { traceId: TRACE }), callSpan(2), callSpan(3)]);
  await pipeline.settle();
  expect(await pipeline.spent()).toMatchObject({ requests: 3 });
});
