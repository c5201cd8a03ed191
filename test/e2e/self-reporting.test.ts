import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { expect, test } from "vitest";
import * as z from "zod";
import { newFolder, runCollector, totalsSchema } from "./running-collector.ts";

/** Enough for 30 calls of 2,500 and 640 tokens of gpt-4o-mini, each 759,000 nano-USD, held at 1,050,000. */
const YAML = `
budgets:
  - { id: scripts, match: { agent: script }, limit: { usd: 0.0231 }, window: total, guarantee: hard }
`;
const CALL_NANO_USD = 2_500 * 150 + 640 * 600;

interface Example {
  readonly language: string;
  readonly source: string;
}

/** The examples of the page, in their order. */
function examples(): readonly Example[] {
  const page = readFileSync(join(import.meta.dirname, "../../docs/self-reporting.md"), "utf8");
  return [...page.matchAll(/^```(sh|python)(?: setup)?\n([^]*?)^```$/gm)].map(
    ([, language = "", source = ""]) => ({ language, source }),
  );
}

async function run({ language, source }: Example, url: string): Promise<string> {
  const env = { ...process.env, TOLLGATE_URL: url, TOLLGATE_TOKEN: "" };
  const child = spawn(language === "sh" ? "sh" : "python3", language === "sh" ? ["-e"] : ["-"], {
    env,
  });
  child.stdin.end(source);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => {
      child.on("close", resolve);
    }),
  ]);
  expect({ code, stderr }, source).toEqual({ code: 0, stderr: "" });
  return stdout;
}

describeWithServer(["curl", "python"], "docs/self-reporting.md", () => {
  test("examples run as they stand, and count once when they run twice", async () => {
    const collector = await runCollector(await newFolder(), YAML);
    const printed: string[] = [];
    // The last one takes what the budget has left.
    const all = examples();
    for (const example of [...all.slice(0, -1), ...all]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      printed.push(await run(example, collector.url));
    }
    const sumsOf = (scope: string, id: string) =>
      collector.get(`/v1/token-events/summary?scope=${scope}&id=${id}`, totalsSchema);
    expect(await sumsOf("task", "T-17")).toMatchObject({
      events: 2,
      tokens_in: 52_000,
      tokens_out: 6_800,
      cache_read_tokens: 9_000,
    });
    expect(await sumsOf("workstream", "W-2")).toMatchObject({ events: 1, tokens_in: 5_000 });
    expect(await sumsOf("task", "T-19")).toMatchObject({ events: 1, tokens_in: 2_000 });

    const [, calls] = /stopped by scripts after (\d+) calls/.exec(printed.at(-1) ?? "") ?? [];
    const events = Number(calls) + 2;
    expect(await sumsOf("agent", "script")).toMatchObject({
      events,
      cost_nano_usd: events * CALL_NANO_USD,
    });
    const schema = z.object({
      budgets: z.array(
        z.object({
          counters: z.array(
            z.object({ spent: z.number(), reserved: z.number(), limit: z.number() }),
          ),
        }),
      ),
    });
    const { budgets } = await collector.get("/v1/budgets", schema);
    const [counter] = budgets[0]?.counters ?? [];
    expect(Math.round((counter?.spent ?? 0) * 1e9)).toBe(events * CALL_NANO_USD);
    expect(counter?.reserved).toBe(0);
    expect(events * CALL_NANO_USD).toBeLessThanOrEqual(23_100_000);
    expect(events).toBeGreaterThan(25);
  });
});
