import { beforeAll, describe, expect, test } from "vitest";
import { CLIENTS, type Cell } from "../matrix/clients.ts";
import { judgeCell, type Problem, type ProblemKind, type Verdict } from "../matrix/judge-cell.ts";
import { runCell } from "../matrix/run-cell.ts";

/** Every cell of these; the others have their turn in clients.test.ts. */
const NAMES: ReadonlySet<string> = new Set([
  "openai 5",
  "openai 6",
  "openai 7",
  "anthropic 0.60",
  "anthropic 1",
  "fetch",
]);

/** What every way of calling has in common is for the matrix. */
const OWN_SCENARIOS = /^(?!.*usual)/;

const CELLS: readonly (readonly [string, Cell])[] = CLIENTS.filter(({ name }) =>
  NAMES.has(name),
).flatMap((client) =>
  client.formats
    .filter((format) => format === "esm" || /[17]$/.test(client.name))
    .map((format) => [`${client.name} ${format}`, { client, format }] as const),
);

describe.each(CELLS)("%s", (_name, cell) => {
  let verdict: Verdict;

  beforeAll(async () => {
    verdict = judgeCell(cell, await runCell(cell, OWN_SCENARIOS));
  });

  const found = (...kinds: readonly ProblemKind[]): Problem[] =>
    verdict.problems.filter(({ kind }) => kinds.includes(kind));

  test("gives the app the same values, chunks and errors as without us", () => {
    expect(verdict.scenarios).toBeGreaterThan(20);
    expect(found("result")).toEqual([]);
  });

  test("prints nothing of its own", () => {
    expect(found("output")).toEqual([]);
  });

  test("sends the provider the same requests, and the same cancels", () => {
    expect(found("request", "cancel")).toEqual([]);
  });

  test("refuses in one attempt, with status 402 and an error that says what it is", () => {
    expect(found("refusal")).toEqual([]);
  });

  test("meters every attempt exactly once, with the provider's own counts", () => {
    expect(found("event")).toEqual([]);
  });
});
