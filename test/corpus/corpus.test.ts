import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { describe, expect, it } from "vitest";
import { readCases } from "./read-cases.ts";
import { runCorpus, type CaseResult } from "./run-corpus.ts";
import { sendMetered } from "./send.ts";

const fixtures = (name: string): string => join(import.meta.dirname, "fixtures", name);

async function replay(name: string): Promise<readonly CaseResult[]> {
  return runCorpus(await readCases(fixtures(name)), sendMetered);
}

interface Exit {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person does. */
function runCommand(...args: readonly string[]): Promise<Exit> {
  const main = join(import.meta.dirname, "main.ts");
  return new Promise((resolve) => {
    execFile(process.execPath, ["--conditions=source", main, ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe("the corpus runner", () => {
  it("passes what is read as expected, streams cut anywhere included", async () => {
    const results = await replay("right");
    expect(results).toHaveLength(9);
    for (const result of results) expect(result).toMatchObject({ status: "passed", reason: "" });
  });

  it("fails what is read otherwise, and says how", async () => {
    const [refused, wrong] = await replay("wrong");
    expect(wrong).toEqual({
      id: "openai-chat-json-wrong-on-purpose",
      provider: "openai",
      operation: "chat",
      status: "failed",
      reason: [
        'requestModel: expected "gpt-4.1-mini", read "gpt-4.1"',
        "inputTokens: expected 9, read 8",
        "reasoningTokens: expected 1, read 0",
        'finishReasons: expected ["stop"], read ["tool_calls"]',
        'toolCalls: expected [], read ["wave"]',
      ].join("; "),
    });
    expect(refused).toMatchObject({ status: "failed", reason: "request not recognised" });
  });

  it("calls unsupported what no API reads, and what a vendor means otherwise", async () => {
    expect(await replay("unsupported")).toMatchObject([
      { operation: "other", status: "unsupported", reason: "no API at this URL" },
      {
        provider: "somebody",
        status: "unsupported",
        reason: "vendor not supported yet: outputTokens: expected 41, read 1",
      },
      { operation: "converse", status: "unsupported", reason: "no API at this URL" },
    ]);
  });

  it("reads the same, and gives the app the same bytes, however an answer is cut", async () => {
    const results = await runCorpus(await readCases(fixtures("right")), sendMetered, 40);
    expect(results.filter(({ status }) => status !== "passed")).toEqual([]);
  });

  it("fails a case whose reading breaks, and goes on", async () => {
    const cases = await readCases(fixtures("right"));
    const results = await runCorpus(cases, () => Promise.reject(new Error("no route")));
    expect(results).toHaveLength(9);
    expect(results[0]).toMatchObject({ status: "failed", reason: "no route" });
  });
});

describe("pnpm corpus", () => {
  const reportSchema = z.strictObject({
    passed: z.number(),
    failed: z.number(),
    unsupported: z.number(),
    cases: z.array(
      z.strictObject({
        id: z.string(),
        provider: z.string(),
        operation: z.string(),
        status: z.enum(["passed", "failed", "unsupported"]),
        reason: z.string(),
      }),
    ),
  });

  it("exits with 0 when nothing failed, and shows a table", async () => {
    const { code, stdout } = await runCommand(fixtures("right"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/openai chat +3\n/);
    expect(stdout).toMatch(/all +9\n/);
  });

  it("exits with 1 when a case failed, and says why", async () => {
    const { code, stdout } = await runCommand(fixtures("wrong"));
    expect(code).toBe(1);
    expect(stdout).toContain("openai-chat-json-wrong-on-purpose: requestModel: expected");
  });

  it("ends with one line of JSON when asked to", async () => {
    const { stdout } = await runCommand(fixtures("unsupported"), "--json");
    const report = reportSchema.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
    expect(report).toMatchObject({ passed: 0, failed: 0, unsupported: 3 });
    expect(report.cases).toHaveLength(3);
  });

  it.each([
    [[fixtures("not-a-case")], /^no-expectation\.json: not a case.*body or bodyBase64.*expected/s],
    [[fixtures("missing")], /missing: cannot be read as a directory/],
    [[fixtures("")], /^not-a-case.no-expectation\.json: not a case/],
    [[], /^usage: pnpm corpus DIR/],
    [[fixtures("right"), fixtures("wrong")], /^usage: pnpm corpus DIR/],
    [[fixtures("right"), "--jsno"], /--jsno/],
  ])("exits with 2 for %j", async (args, message) => {
    const { code, stdout, stderr } = await runCommand(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
  });

  it("exits with 2 for a file that is not JSON", async () => {
    const folder = await mkdtemp(join(tmpdir(), "corpus-"));
    try {
      await writeFile(join(folder, "cut.json"), '{ "id": "cut", ');
      const { code, stderr } = await runCommand(folder);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^cut\.json: not a JSON file/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("exits with 2 for a directory without cases", async () => {
    const { code, stderr } = await runCommand(join(import.meta.dirname, "..", "packaging"));
    expect(code).toBe(2);
    expect(stderr).toContain("no case files");
  });
});
