import type { UsageEvent } from "@tollgate/core";
import { expect, test } from "vitest";
import { CLIENTS, type Client } from "./clients.ts";
import { judgeCell, type Problem } from "./judge-cell.ts";
import type { AppRun, SentRequest } from "./run-app.ts";

const CLIENT: Client = { name: "any", family: "any", packages: [], formats: ["esm"] };

const REQUEST: SentRequest = {
  method: "POST",
  path: "/v1/messages",
  headerNames: ["x-scenario"],
  body: { model: "claude-sonnet-4-5" },
  closedByClient: false,
};

function run(scenario: string, result: unknown, requests: readonly SentRequest[]): AppRun {
  return {
    stderr: "",
    results: new Map([[scenario, result]]),
    requests: requests.length > 0 ? new Map([[scenario, requests]]) : new Map(),
    events: [],
  };
}

function told(scenario: string, more: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: "1",
    timeMs: 0,
    attribution: { task: scenario },
    provider: "anthropic",
    operation: "chat",
    api: "anthropic.messages",
    requestModel: undefined,
    responseModel: undefined,
    responseId: undefined,
    streaming: false,
    usage: { inputTokens: 120, outputTokens: 45, cacheReadTokens: 20 },
    additionalUsage: [],
    estimated: false,
    cost: {
      totalNanoUsd: 1,
      parts: {},
      priceSource: "catalogue",
      pricedModel: undefined,
      match: undefined,
      catalogueVersion: undefined,
    },
    outcome: "ok",
    errorType: undefined,
    finishReasons: [],
    toolCalls: [],
    durationMs: 1,
    timeToFirstChunkMs: undefined,
    chunks: undefined,
    traceId: undefined,
    spanId: undefined,
    ...more,
  };
}

const kinds = (problems: readonly Problem[]): string[] => problems.map(({ kind }) => kind);

const judge = (plain: AppRun, metered: AppRun): string[] =>
  kinds(judgeCell({ client: CLIENT, format: "esm" }, { plain, metered }).problems);

const PLAIN = run("chat json", { text: "Grüße" }, [REQUEST]);
const GOOD: AppRun = { ...PLAIN, events: [told("chat json")] };

test("an app that saw the same, and a meter that told the truth, are no problem", () => {
  expect(judge(PLAIN, GOOD)).toEqual([]);
});

test.each<readonly [string, AppRun, string]>([
  [
    "a value that changed",
    { ...GOOD, results: new Map([["chat json", { text: "Grusse" }]]) },
    "result",
  ],
  ["a word on stderr", { ...GOOD, stderr: "warning" }, "output"],
  [
    "a body that changed",
    { ...GOOD, requests: new Map([["chat json", [{ ...REQUEST, body: {} }]]]) },
    "request",
  ],
  ["an attempt that nobody told of", { ...GOOD, events: [] }, "event"],
  [
    "an attempt told of twice",
    { ...GOOD, events: [told("chat json"), told("chat json", { id: "2" })] },
    "event",
  ],
  [
    "counts that are not the provider's",
    { ...GOOD, events: [told("chat json", { usage: { inputTokens: 1, outputTokens: 45 } })] },
    "event",
  ],
  [
    "counts that are a guess",
    { ...GOOD, events: [told("chat json", { estimated: true })] },
    "event",
  ],
  [
    "an event without its scenario",
    { ...GOOD, events: [...GOOD.events, told("chat json", { attribution: {} })] },
    "event",
  ],
])("%s is a problem", (_what, metered, kind) => {
  expect(new Set(judge(PLAIN, metered))).toEqual(new Set([kind]));
});

test("a scenario that fails without metering, too, shows nothing and is a problem", () => {
  const failed = run("chat json", { thrown: { message: "no such option" } }, []);
  expect(judge(failed, failed)).toEqual(["result"]);
});

test("a cancel has to reach the provider where it did without metering", () => {
  const scenario = "chat stream signal";
  const plain = run(scenario, {}, [{ ...REQUEST, closedByClient: true }]);
  const event = told(scenario, { outcome: "cancelled" });
  const late = { ...run(scenario, {}, [REQUEST]), events: [event] };
  expect(judge(plain, { ...plain, events: [event] })).toEqual([]);
  expect(judge(plain, late)).toEqual(["cancel"]);
});

test("a refusal is one event, no request, and an error that says what it is", () => {
  const scenario = "budget refuses chat json";
  const plain = run(scenario, { text: "Grüße" }, [REQUEST]);
  const error = { thrown: { status: 402, budgetExceeded: true } };
  const refused = told(scenario, { outcome: "refused" });
  const good = { ...run(scenario, error, []), events: [refused] };
  expect(judge(plain, good)).toEqual([]);
  expect(judge(plain, { ...good, events: [refused, { ...refused, id: "2" }] })).toEqual([
    "refusal",
  ]);
  expect(judge(plain, { ...plain, events: good.events })).toEqual([
    "refusal",
    "refusal",
    "refusal",
  ]);
  expect(judge(plain, { ...run(scenario, { thrown: {} }, []), events: [refused] })).toEqual([
    "refusal",
    "refusal",
  ]);
});

test("what a known limit explains is kept apart", () => {
  const client = { ...CLIENT, limits: [{ scenario: /chat json$/, what: "Not told of." }] };
  const verdict = judgeCell({ client, format: "esm" }, { plain: PLAIN, metered: PLAIN });
  expect(verdict.problems).toEqual([]);
  expect(kinds(verdict.known)).toEqual(["event"]);
});

test("calls that no wire format reads are named, and only compared", () => {
  const other = run("chat json", {}, [{ ...REQUEST, path: "/v9/telepathy?k=1" }]);
  const verdict = judgeCell({ client: CLIENT, format: "esm" }, { plain: other, metered: other });
  expect(verdict).toMatchObject({ problems: [], unread: ["/v9/telepathy"] });
});

test("every client has a name of its own", () => {
  expect(new Set(CLIENTS.map(({ name }) => name)).size).toBe(CLIENTS.length);
});
