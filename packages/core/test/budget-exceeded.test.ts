import { describe, expect, test } from "vitest";
import {
  BUDGET_EXCEEDED_CODE,
  BUDGET_EXCEEDED_HEADER,
  budgetExceeded,
  describeRefusal,
  isBudgetExceeded,
  refusalError,
  refusalMarker,
  type BudgetRefusal,
} from "../src/index.ts";

const refusal: BudgetRefusal = {
  budget: "team-a",
  reason: "exceeded",
  unit: "usd",
  limit: 5_000_000_000,
  remaining: 1_200_000,
  requested: 40_000_000,
  resetsAtMs: Date.UTC(2026, 10, 23),
};
const body = refusalError(refusal);
const header = JSON.stringify(refusalMarker(refusal));

/** The shapes in which clients and frameworks keep what a server said. */
const shapes: readonly (readonly [string, unknown])[] = [
  [
    "an error with the inner object (openai)",
    Object.assign(new Error("402"), { status: 402, error: body }),
  ],
  [
    "an error with the whole body (anthropic)",
    Object.assign(new Error("402"), { error: { type: "error", error: body } }),
  ],
  ["JSON inside the message", new Error(`got status 402. ${JSON.stringify({ error: body })}`)],
  [
    "JSON behind words with braces of their own",
    new Error(`{"status": 402} {x} ${JSON.stringify({ error: body })}`),
  ],
  [
    "one of an error's details (google)",
    Object.assign(new Error("x"), {
      cause: { body: { error: { code: 402, details: [{ tollgate: body.tollgate }] } } },
    }),
  ],
  ["a whole body that is the error (mistral)", Object.assign(new Error("x"), { body })],
  ["one sentence (ollama)", { error: `${body.message} (${body.code}) ${header}` }],
  [
    "a list of errors (watsonx)",
    { body: { errors: [{ code: body.code, tollgate: body.tollgate }] } },
  ],
  ["a body kept as text", Object.assign(new Error("x"), { body: JSON.stringify(body) })],
  ["parsed data (frameworks)", Object.assign(new Error("x"), { data: { error: body } })],
  [
    "Headers only",
    Object.assign(new Error("x"), { headers: new Headers({ [BUDGET_EXCEEDED_HEADER]: header }) }),
  ],
  [
    "plain header objects",
    Object.assign(new Error("x"), { responseHeaders: { [BUDGET_EXCEEDED_HEADER]: header } }),
  ],
  ["a cause", new Error("wrapped", { cause: Object.assign(new Error("x"), { error: body }) })],
  ["the last error of a retry", Object.assign(new Error("x"), { lastError: { error: body } })],
  ["several errors", new AggregateError([Object.assign(new Error("x"), { error: body })])],
];

describe("isBudgetExceeded", () => {
  test.each(shapes)("recognises %s", (_name, error) => {
    expect(isBudgetExceeded(error)).toBe(true);
    expect(budgetExceeded(error)).toMatchObject(refusal);
  });

  test("recognises the code alone, with nothing else known", () => {
    const error = Object.assign(new Error("x"), { code: BUDGET_EXCEEDED_CODE });
    expect(isBudgetExceeded(error)).toBe(true);
    expect(budgetExceeded(error)).toMatchObject({ budget: "unknown", resetsAtMs: undefined });
  });

  test.each([
    undefined,
    null,
    0,
    "text",
    new Error("402 payment required"),
    Object.assign(new Error("quota"), { status: 402, error: { code: "insufficient_quota" } }),
    { budget: "team-a" },
  ])("leaves a foreign error alone: %s", (error) => {
    expect(isBudgetExceeded(error)).toBe(false);
    expect(budgetExceeded(error)).toBeUndefined();
  });

  test("survives getters that throw, and circles", () => {
    const circle: { cause?: unknown } = {};
    circle.cause = circle;
    const trap = Object.defineProperty({}, "error", {
      get() {
        throw new Error("trap");
      },
    });
    expect(isBudgetExceeded(circle)).toBe(false);
    expect(isBudgetExceeded(trap)).toBe(false);
  });
});

describe("describeRefusal", () => {
  test("says which budget, what is left and until when", () => {
    expect(describeRefusal(refusal)).toBe(
      'Tollgate refused the call: budget "team-a": $0.001200 of $5.00 left until 2026-11-23T00:00:00Z, this call may need $0.04000',
    );
  });

  test("says what could not be bounded", () => {
    const unboundable: BudgetRefusal = {
      ...refusal,
      reason: "unboundable",
      detail: "no limit on output tokens",
    };
    expect(describeRefusal(unboundable)).toContain("(no limit on output tokens)");
  });
});
