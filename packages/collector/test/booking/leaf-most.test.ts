import { describe, expect, test } from "vitest";
import { openPipeline } from "./open-pipeline.ts";
import { CALL_NANO_USD, callSpan, ownSpan, plainSpan, spanId } from "./told.ts";

const outer = callSpan(1);
const inner = callSpan(2, { parentSpanId: spanId(1) });

/** Books batches, a second apart; tells which spans count and which are duplicates. */
async function book(
  ...batches: Parameters<Awaited<ReturnType<typeof openPipeline>>["spans"]>[0][]
) {
  const pipeline = await openPipeline();
  for (const batch of batches) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await pipeline.spans(batch);
    // oxlint-disable-next-line no-await-in-loop
    await pipeline.clock.advance(1_000);
    // oxlint-disable-next-line no-await-in-loop
    await pipeline.booking.settle();
  }
  await pipeline.settle();
  const ids = async (state: "booked" | "duplicate" | "waiting") =>
    (await pipeline.ledger.events({ state }, {})).events.map(({ spanId: id }) => Number(`0x${id}`));
  const spent = await pipeline.spent();
  expect(await ids("waiting")).toEqual([]);
  const [booked, duplicates] = [await ids("booked"), await ids("duplicate")];
  return {
    booked: booked.toSorted((a, b) => a - b),
    duplicates: duplicates.toSorted((a, b) => a - b),
    spent,
    pipeline,
  };
}

describe("of calls that hold each other the innermost counts", () => {
  test.each([
    ["both in one batch", [[outer, inner]]],
    ["the inner first", [[inner], [outer]]],
    ["the outer first", [[outer], [inner]]],
  ])("%s", async (_name, batches) => {
    const { booked, duplicates, spent } = await book(...batches);
    expect({ booked, duplicates }).toEqual({ booked: [2], duplicates: [1] });
    expect(spent).toMatchObject({ nanoUsd: CALL_NANO_USD, requests: 1 });
  });

  test("with spans between that tell of no model, whenever they come", async () => {
    const leaf = callSpan(4, { parentSpanId: spanId(3) });
    const between = [plainSpan(3, 2), plainSpan(2, 1)];
    for (const batches of [
      [[leaf], between, [outer]],
      [[outer], [leaf], between],
      [[...between, leaf, outer]],
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one order after the other
      const { booked, duplicates } = await book(...batches);
      expect({ booked, duplicates }).toEqual({ booked: [4], duplicates: [1] });
    }
  });

  test("three deep, and several inside one", async () => {
    const middle = callSpan(2, { parentSpanId: spanId(1) });
    const leaves = [3, 4].map((number) => callSpan(number, { parentSpanId: spanId(2) }));
    const { booked, duplicates } = await book([outer], leaves, [middle]);
    expect({ booked, duplicates }).toEqual({ booked: [3, 4], duplicates: [1, 2] });
  });

  test("our own call inside another's span", async () => {
    const own = ownSpan(2, { parentSpanId: spanId(1) });
    for (const batches of [[[outer, own]], [[own], [outer]], [[outer], [own]]]) {
      // oxlint-disable-next-line no-await-in-loop -- one order after the other
      const { booked, duplicates, spent } = await book(...batches);
      expect({ booked, duplicates }).toEqual({ booked: [2], duplicates: [1] });
      expect(spent).toMatchObject({ requests: 0 });
    }
  });
});

test("what was embedded for a chat does not hide the chat, nor the other way round", async () => {
  const embedding = callSpan(2, { parentSpanId: spanId(1), operation: "embeddings" });
  const chatInside = callSpan(3, { parentSpanId: spanId(2) });
  const { booked, duplicates } = await book([outer, embedding]);
  expect({ booked, duplicates }).toEqual({ booked: [1, 2], duplicates: [] });
  const nested = await book([embedding], [chatInside]);
  expect(nested.booked).toEqual([2, 3]);
});

test("a span that is its own parent counts", async () => {
  const { booked } = await book([callSpan(1, { parentSpanId: spanId(1) })]);
  expect(booked).toEqual([1]);
});

describe("what comes inside a call that is booked already", () => {
  test("is a duplicate, and so is what is inside of it", async () => {
    const { pipeline } = await book([outer]);
    await pipeline.spans([inner, callSpan(3, { parentSpanId: spanId(2) })]);
    await pipeline.settle();
    expect(await pipeline.count("duplicate")).toBe(2);
    expect(await pipeline.spent()).toMatchObject({ requests: 1 });
  });

  test("is a duplicate with other spans between", async () => {
    const { pipeline } = await book([outer]);
    await pipeline.spans([plainSpan(2, 1), callSpan(3, { parentSpanId: spanId(2) })]);
    await pipeline.settle();
    expect(await pipeline.count("duplicate")).toBe(1);
    expect(await pipeline.spent()).toMatchObject({ requests: 1 });
  });

  test("is a duplicate when our own instrumentation tells of it", async () => {
    const { pipeline } = await book([outer]);
    await pipeline.spans([ownSpan(2, { parentSpanId: spanId(1) })]);
    expect(await pipeline.count("duplicate")).toBe(1);
    expect(await pipeline.summary()).toMatchObject({ events: 1, costNanoUsd: CALL_NANO_USD });
  });

  test("counts when what is around it is a duplicate itself", async () => {
    const first = callSpan(2, { parentSpanId: spanId(1) });
    const { pipeline } = await book([outer, first]);
    await pipeline.spans([callSpan(3, { parentSpanId: spanId(1) })]);
    await pipeline.settle();
    expect(await pipeline.spent()).toMatchObject({ requests: 2 });
  });

  test("counts when it is of another kind", async () => {
    const { pipeline } = await book([outer]);
    await pipeline.spans([callSpan(2, { parentSpanId: spanId(1), operation: "embeddings" })]);
    await pipeline.settle();
    expect(await pipeline.spent()).toMatchObject({ requests: 2 });
  });
});
