import {
  budgetExceeded,
  describeRefusal,
  isBudgetExceeded,
  type BudgetRefusal,
} from "@tollgate/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusalResponse, type WireApi } from "../src/index.ts";
import * as samples from "./provider-samples.ts";

const REFUSAL: BudgetRefusal = {
  budget: "team/monthly",
  reason: "exceeded",
  unit: "usd",
  limit: 5_000_000_000,
  remaining: 1_000_000,
  requested: 90_000_000,
  resetsAtMs: Date.UTC(2026, 0, 2),
};

const isApi = (sample: unknown): sample is WireApi =>
  typeof sample === "object" && sample !== null && "refusalBody" in sample;
const APIS = Object.entries(samples)
  .filter((entry): entry is [string, WireApi] => isApi(entry[1]))
  .map(([name, api]) => ({ name, api }));

const bodyOf = (api: WireApi, refusal = REFUSAL): string => refusalResponse(api, refusal, 0).body;
const message = describeRefusal(REFUSAL);

describe("a refusal in a provider's own shape", () => {
  it.each(APIS)("is recognised in whatever a client keeps of it: $name", ({ api }) => {
    const body = bodyOf(api);
    const value: unknown = JSON.parse(body);
    const errors = [
      Object.assign(new Error("402"), { statusCode: 402, body }),
      Object.assign(new Error("402"), { statusCode: 402, body: value }),
      Object.assign(new Error("402"), { error: value }),
      Object.assign(new Error("402"), { data: value }),
      new Error(body),
      new Error(`got status: 402 Payment Required. ${body}`),
      new Error("wrapped", { cause: new Error(`402 {"x"} ${body}`) }),
    ];
    for (const error of errors) {
      expect(isBudgetExceeded(error)).toBe(true);
      expect(budgetExceeded(error)).toEqual(REFUSAL);
    }
  });

  it.each(APIS)("reads as an error of its API: $name", ({ api }) => {
    const facts = api.readJson(JSON.parse(bodyOf(api)));
    expect(facts.errorType).toMatch(/^(tollgate_budget_exceeded|error)$/);
    expect(facts.usage).toBeUndefined();
  });

  it.each(APIS)("keeps every word of a budget's name and reason: $name", ({ api }) => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (budget, detail) => {
        const odd: BudgetRefusal = { ...REFUSAL, reason: "unboundable", budget, detail };
        const body: unknown = JSON.parse(bodyOf(api, odd));
        expect(isBudgetExceeded({ body })).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("is Google's", () => {
    const expected = {
      error: {
        code: 402,
        message,
        status: "tollgate_budget_exceeded",
        details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo" }],
      },
    };
    expect(JSON.parse(bodyOf(samples.gemini))).toMatchObject(expected);
    expect(JSON.parse(bodyOf(samples.geminiEmbed))).toMatchObject(expected);
    expect(JSON.parse(bodyOf(samples.interactions))).toMatchObject({
      error: { code: "tollgate_budget_exceeded", message },
    });
  });

  it("is Mistral's", () => {
    for (const api of [samples.mistralChat, samples.mistralFim, samples.mistralEmbeddings]) {
      expect(JSON.parse(bodyOf(api))).toMatchObject({
        object: "error",
        message,
        type: "tollgate_budget_exceeded",
        code: "tollgate_budget_exceeded",
        param: null,
      });
    }
  });

  it("is Cohere's", () => {
    for (const api of [samples.cohereChat, samples.cohereChatV1, samples.cohereEmbed]) {
      expect(JSON.parse(bodyOf(api))).toMatchObject({
        id: null,
        message,
        code: "tollgate_budget_exceeded",
      });
    }
  });

  it("is one text for Ollama, whose client keeps nothing else", () => {
    const { error } = JSON.parse(bodyOf(samples.ollamaChat));
    expect(error).toContain(message);
    expect(budgetExceeded(Object.assign(new Error(error), { error, status_code: 402 }))).toEqual(
      REFUSAL,
    );
  });
});
