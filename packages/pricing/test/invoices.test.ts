import { describe, expect, it } from "vitest";
import { createPricer } from "../src/index.ts";
import { ANTHROPIC_INVOICES } from "./invoices/anthropic.ts";
import { BOUNDARIES_INVOICES } from "./invoices/boundaries.ts";
import { CLOUDS_INVOICES } from "./invoices/clouds.ts";
import { GOOGLE_INVOICES } from "./invoices/google.ts";
import type { Invoice } from "./invoices/invoice.ts";
import { MORE_BOUNDARIES_INVOICES } from "./invoices/more-boundaries.ts";
import { OPENAI_INVOICES } from "./invoices/openai.ts";
import { OPENAI_TERMS_INVOICES } from "./invoices/openai-terms.ts";
import { OTHERS_INVOICES } from "./invoices/others.ts";

const pricer = createPricer();

const PROVIDER = /^(?:genai-prices\/0\.1\.8|corrections\/2026-11-22)$/;
const THIRD_PARTY =
  /^(?:genai-prices\/0\.1\.8\+third-party\/2026-11-22|corrections\/third-party\/2026-11-22)$/;

function check(invoice: Invoice): void {
  const { provider, model, terms, at, usage, parts, totalNanoUsd, thirdParty } = invoice;
  const timeMs = Date.parse(at ?? "2026-09-01T12:00:00Z");
  const cost = pricer.priceCall(usage, { provider, model, timeMs, ...terms });
  expect(cost.parts).toEqual(parts);
  expect(cost.totalNanoUsd).toBe(totalNanoUsd);
  expect(cost).toMatchObject({ priceSource: "catalogue", match: "exact" });
  expect(cost.partial).toBeUndefined();
  expect(cost.catalogueVersion).toMatch(thirdParty ? THIRD_PARTY : PROVIDER);
  expect(cost.catalogueDate).toMatch(/^2026-(?:09-23|11-22)$/);
}

describe("invoices worked out by hand", () => {
  it.each(OPENAI_INVOICES)("OpenAI: $name", check);
  it.each(OPENAI_TERMS_INVOICES)("OpenAI: $name", check);
  it.each(ANTHROPIC_INVOICES)("Anthropic: $name", check);
  it.each(CLOUDS_INVOICES)("clouds: $name", check);
  it.each(GOOGLE_INVOICES)("Google: $name", check);
  it.each(OTHERS_INVOICES)("others: $name", check);
});

describe("the whole request has the price of its tier", () => {
  it.each(BOUNDARIES_INVOICES)("$name", check);
  it.each(MORE_BOUNDARIES_INVOICES)("$name", check);

  it("the tier is that of all input tokens, cached ones included", () => {
    const usage = { inputTokens: 200_001, cacheReadTokens: 200_000, outputTokens: 0 };
    const call = { provider: "anthropic", model: "claude-sonnet-4-5", timeMs: 0 };
    expect(pricer.priceCall(usage, call).parts).toEqual({ input: 6_000, cache_read: 120_000_000 });
  });
});
