import { BUDGET_EXCEEDED_HEADER, budgetExceeded, type BudgetRefusal } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { refusalResponse } from "../src/index.ts";
import { ALL_APIS, chat, messages } from "./wire-samples.ts";

const NOW_MS = Date.UTC(2026, 0, 1);
const REFUSAL: BudgetRefusal = {
  budget: "team/monthly",
  reason: "exceeded",
  unit: "usd",
  limit: 5_000_000_000,
  remaining: 1_000_000,
  requested: 90_000_000,
  resetsAtMs: NOW_MS + 61_001,
};

describe("a refusal", () => {
  it("is a 402 that tells clients not to retry, and when the window resets", () => {
    const { status, headers } = refusalResponse(chat, REFUSAL, NOW_MS);
    expect(status).toBe(402);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-should-retry": "false",
      "retry-after": "62",
    });
  });

  it("never asks to retry in the past", () => {
    const past = { ...REFUSAL, resetsAtMs: NOW_MS - 5 };
    expect(refusalResponse(chat, past, NOW_MS).headers["retry-after"]).toBe("0");
  });

  it("names no time when the window never resets, unless a throttle gave up", () => {
    const never = { ...REFUSAL, resetsAtMs: undefined };
    expect(refusalResponse(chat, never, NOW_MS).headers).not.toHaveProperty("retry-after");
    const throttled = refusalResponse(chat, { ...never, reason: "throttle_timeout" }, NOW_MS);
    expect(Number(throttled.headers["retry-after"])).toBeGreaterThan(0);
  });

  it.each(ALL_APIS.filter(({ id }) => id !== "anthropic.messages"))(
    "has OpenAI's error shape for $id",
    (api) => {
      const body: unknown = JSON.parse(refusalResponse(api, REFUSAL, NOW_MS).body);
      expect(body).toEqual({
        error: {
          message: expect.stringContaining("team/monthly"),
          type: "tollgate_budget_exceeded",
          code: "tollgate_budget_exceeded",
          param: null,
          tollgate: expect.objectContaining({ budget: "team/monthly", unit: "usd" }),
        },
      });
    },
  );

  it("has Anthropic's error shape for messages", () => {
    const body: unknown = JSON.parse(refusalResponse(messages, REFUSAL, NOW_MS).body);
    expect(body).toMatchObject({
      type: "error",
      error: {
        type: "tollgate_budget_exceeded",
        message: expect.stringContaining("team/monthly"),
        tollgate: { budget: "team/monthly" },
      },
      request_id: null,
    });
  });

  it.each(ALL_APIS)("is recognised from body or header alone: $id", (api) => {
    const { headers, body } = refusalResponse(api, REFUSAL, NOW_MS);
    expect(budgetExceeded({ body })).toEqual(REFUSAL);
    expect(budgetExceeded({ headers: new Headers(headers) })).toEqual(REFUSAL);
  });

  it("keeps its header within ASCII whatever the budget is called", () => {
    const odd = { ...REFUSAL, budget: "Büro/東京\n" };
    const { headers } = refusalResponse(chat, odd, NOW_MS);
    expect(headers[BUDGET_EXCEEDED_HEADER]).toMatch(/^[ -~]+$/);
    expect(budgetExceeded({ headers: new Headers(headers) })).toEqual(odd);
  });

  it("reads as an error of its API", () => {
    for (const api of ALL_APIS) {
      const value: unknown = JSON.parse(refusalResponse(api, REFUSAL, NOW_MS).body);
      expect(api.readJson(value).errorType).toBe("tollgate_budget_exceeded");
    }
  });
});
