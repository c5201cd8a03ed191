import { expect, test } from "vitest";
import { simulateWeek } from "./simulate-week.ts";

async function linesOf(days: number): Promise<readonly string[]> {
  const endMs = Date.UTC(2026, 10, 25, 15);
  const lines: string[] = [];
  for await (const scraped of simulateWeek({ endMs, days, stepMs: 240_000 }))
    lines.push(...scraped);
  return lines;
}

test("the same hour is lived through twice in the same way", { timeout: 30_000 }, async () => {
  const lines = await linesOf(1 / 24);
  expect(lines.length).toBeGreaterThan(1_000);
  expect(await linesOf(1 / 24)).toEqual(lines);
});

test(
  "every line is a sample with the target it came from and a time",
  { timeout: 30_000 },
  async () => {
    const odd = (await linesOf(1 / 96)).filter(
      (line) => !/^[a-z_]+\{job="[^"]+",instance="[^"]+".*\} \S+ \d+(\.\d+)?$/.test(line),
    );
    expect(odd).toEqual([]);
  },
);
