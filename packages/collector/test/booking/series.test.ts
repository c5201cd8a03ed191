import { expect, test } from "vitest";
import type { PointRecord } from "../../src/index.ts";
import { START_MS } from "../dialects/records.ts";
import { newFolder, openPipeline, type Pipeline } from "./open-pipeline.ts";
import { tokenPoint } from "./told.ts";

const STARTED_MS = START_MS - 60_000;

function sumAt(seconds: number, value: number, more: Partial<PointRecord> = {}): PointRecord {
  return tokenPoint("input", value, { timeMs: STARTED_MS + seconds * 1_000, ...more });
}

function added(from: number, until: number, value: number): PointRecord {
  return sumAt(until, value, { startMs: STARTED_MS + from * 1_000, temporality: "delta" });
}

async function tokens(pipeline: Pipeline): Promise<number> {
  await pipeline.settle();
  return (await pipeline.summary()).inputTokens;
}

test("a cumulative sum counts once across a restart", async () => {
  const folder = newFolder();
  const first = await openPipeline({ folder });
  await first.points([sumAt(10, 100)]);
  await first.points([sumAt(20, 250)]);
  await first.crash();
  const next = await openPipeline({ folder, clock: first.clock });
  await next.points([sumAt(20, 250)]);
  await next.points([sumAt(30, 400)]);
  expect(await tokens(next)).toBe(400);
  expect(await next.spent()).toMatchObject({ tokens: 400, requests: 0 });
});

test("a sender that begins again counts from its new start", async () => {
  const pipeline = await openPipeline();
  await pipeline.points([sumAt(10, 100), sumAt(40, 30, { startMs: STARTED_MS + 30_000 })]);
  expect(await tokens(pipeline)).toBe(130);
});

test("two replicas on one ledger count one series once, whoever gets which point", async () => {
  const folder = newFolder();
  const one = await openPipeline({ folder, isAlone: false });
  const other = await openPipeline({ folder, clock: one.clock, isAlone: false });
  const values = [100, 250, 300, 700, 900, 1_000];
  await Promise.all(
    values.map((value, index) => (index % 2 === 0 ? one : other).points([sumAt(index + 1, value)])),
  );
  await Promise.all([one, other].map(({ points }) => points([sumAt(7, 1_000)])));
  await one.settle();
  expect(await tokens(other)).toBe(1_000);
  expect(await one.spent()).toMatchObject({ tokens: 1_000 });
});

test("delta sums count once in any order, across a restart and over two replicas", async () => {
  const folder = newFolder();
  const first = await openPipeline({ folder, isAlone: false });
  await first.points([added(10, 20, 5), added(0, 10, 7)]);
  await first.crash();
  const one = await openPipeline({ folder, clock: first.clock, isAlone: false });
  const other = await openPipeline({ folder, clock: first.clock, isAlone: false });
  await Promise.all([
    one.points([added(0, 10, 7), added(20, 30, 11)]),
    other.points([added(20, 30, 11), added(30, 40, 13)]),
  ]);
  await one.settle();
  expect(await tokens(other)).toBe(5 + 7 + 11 + 13);
});

test("series of two tenants are two, however alike", async () => {
  const pipeline = await openPipeline();
  await pipeline.points([sumAt(10, 100)], { organization: "acme" });
  await pipeline.points([sumAt(10, 100)], { organization: "globex" });
  expect(await tokens(pipeline)).toBe(200);
});
