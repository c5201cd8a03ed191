import { join } from "node:path";
import { runNode, type NodeExit } from "@tollgate/testkit";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const SCRIPT = join(import.meta.dirname, "../bench/main.ts");

const report = z.object({
  tables: z.record(
    z.string(),
    z.object({
      rows: z.array(
        z.object({ group: z.string(), name: z.string(), values: z.record(z.string(), z.number()) }),
      ),
      notes: z.array(z.string()),
    }),
  ),
});

const bench = (...args: string[]): Promise<NodeExit> => runNode({ script: SCRIPT, args }).exited;

describe.concurrent("pnpm bench", () => {
  test("measures every lane, and has seen the peers record a span", async () => {
    const { code, stdout } = await bench("--only", "chat", "--rounds", "1", "--json");
    expect(code).toBe(0);
    const lastLine: unknown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    const { chat } = report.parse(lastLine).tables;
    const lanes = chat?.rows.map(({ name }) => name);
    expect(lanes).toContain("@opentelemetry/instrumentation-openai");
    expect(lanes).toContain("@traceloop/instrumentation-openai");
    const recorded = chat?.notes.filter((note) =>
      /\/instrumentation-openai [\d.]+: span of/.test(note),
    );
    expect(recorded).toHaveLength(2);
  });

  test("names the tables there are when asked for another one", async () => {
    const { code, stderr } = await bench("--only", "fox");
    expect(code).toBe(2);
    expect(stderr).toContain('no table "fox"; there are chat,');
  });

  test("writes nothing but whole runs", async () => {
    const { code, stderr } = await bench("--only", "chat", "--write");
    expect(code).toBe(2);
    expect(stderr).toContain("--write needs a run of all tables");
  });
});
