import { expect, test } from "vitest";
import { origin, START_MS } from "../dialects/records.ts";
import { newFolder, openPipeline, type Pipeline } from "./open-pipeline.ts";
import { callSpan, claudeLog, claudePoint, SERVICE, tokenPoint } from "./told.ts";

const CENT = 10_000_000;
const points = [claudePoint("input", 1_000), claudePoint("output", 500)];

type Tell = (pipeline: Pipeline) => Promise<void>;
const tellLogs: Tell = ({ logs }) => logs([claudeLog(1)]);
const tellPoints: Tell = (pipeline) => pipeline.points(points);

test.each([
  ["events first", [tellLogs, tellPoints]],
  ["metrics first", [tellPoints, tellLogs]],
  ["each of them twice", [tellPoints, tellLogs, tellPoints, tellLogs]],
])("of Claude Code's events and metrics the events count: %s", async (_name, tells) => {
  const pipeline = await openPipeline();
  for (const tell of tells) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await tell(pipeline);
    // oxlint-disable-next-line no-await-in-loop
    await pipeline.clock.advance(15_000);
    // oxlint-disable-next-line no-await-in-loop
    await pipeline.booking.settle();
  }
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({
    events: 1,
    inputTokens: 1_000,
    outputTokens: 500,
    costNanoUsd: CENT,
  });
  expect(await pipeline.spent()).toEqual({ nanoUsd: CENT, tokens: 1_500, requests: 1 });
  expect(await pipeline.count("duplicate")).toBe(2);
});

test("metrics alone count, as tokens without calls", async () => {
  const pipeline = await openPipeline();
  await tellPoints(pipeline);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ inputTokens: 1_000, outputTokens: 500 });
  expect(await pipeline.spent()).toMatchObject({ tokens: 1_500, requests: 0 });
});

test("another session's events do not stand for these metrics", async () => {
  const pipeline = await openPipeline();
  await tellPoints(pipeline);
  const other = claudeLog(1);
  await pipeline.logs([{ ...other, attributes: { ...other.attributes, "session.id": "s-2" } }]);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ inputTokens: 2_000 });
});

test("another tenant's session of that name does not either", async () => {
  const pipeline = await openPipeline();
  await pipeline.points(points, { organization: "acme" });
  await pipeline.logs([claudeLog(1)], { organization: "globex" });
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ inputTokens: 2_000 });
});

test("events stand for the metrics also when only one of them names the organisation", async () => {
  const pipeline = await openPipeline();
  const unnamed = points.map((point) => ({
    ...point,
    attributes: { ...point.attributes, "organization.id": undefined },
  }));
  await pipeline.points(unnamed);
  await tellLogs(pipeline);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ inputTokens: 1_000 });
});

test("a sender whose clock is an hour ahead is not counted twice", async () => {
  const pipeline = await openPipeline();
  const timeMs = START_MS + 3_600_000;
  await pipeline.logs([claudeLog(1, { timeMs })]);
  await pipeline.points([claudePoint("input", 1_000, timeMs)]);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ inputTokens: 1_000 });
});

test("events that came before a restart stand for metrics that were held before it", async () => {
  const folder = newFolder();
  const first = await openPipeline({ folder });
  await tellPoints(first);
  await tellLogs(first);
  await first.crash();
  await first.clock.advance(120_000);
  const next = await openPipeline({ folder, clock: first.clock });
  await next.settle();
  expect(await next.summary()).toMatchObject({ events: 1, inputTokens: 1_000 });
});

test("counters of the conventions are the last resort: a resource's spans stand for them", async () => {
  const pipeline = await openPipeline();
  await pipeline.points([tokenPoint("input", 1_000), tokenPoint("output", 500)]);
  await pipeline.spans([callSpan(1, { origin: origin("", SERVICE) })]);
  await pipeline.points([
    tokenPoint("input", 5_000, { origin: origin("", { "service.name": "no-spans" }) }),
  ]);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ inputTokens: 6_000, outputTokens: 500 });
  expect(await pipeline.spent()).toMatchObject({ tokens: 6_500, requests: 1 });
});

test("metrics that wait differently are taken together or not at all", async () => {
  const pipeline = await openPipeline();
  const gemini = tokenPoint("input", 300, { origin: origin("", { "service.name": "third" }) });
  await pipeline.points([...points, gemini]);
  await pipeline.points([...points, gemini]);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ inputTokens: 1_300, outputTokens: 500 });
});
