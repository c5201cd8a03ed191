import { expect, test } from "vitest";
import { DIALECTS, dialectOfSpan } from "../../src/index.ts";
import { INSTRUMENTATIONS } from "./cases/instrumentations.ts";
import { PLATFORMS } from "./cases/platforms.ts";
import { STANDARDS } from "./cases/standards.ts";
import { VENDORS } from "./cases/vendors.ts";
import { span } from "./records.ts";

const CASES = [...STANDARDS, ...INSTRUMENTATIONS, ...PLATFORMS, ...VENDORS];

test.each(CASES.filter(({ read }) => read !== undefined))(
  "$dialect: $says",
  ({ dialect, span: told, read }) => {
    const found = dialectOfSpan(told);
    expect(found?.id).toBe(dialect);
    expect(found?.readSpan?.(told)).toMatchObject(read ?? {});
  },
);

test.each(CASES.filter(({ read }) => read === undefined))(
  "$dialect: $says is no call",
  ({ dialect, span: told }) => {
    const found = dialectOfSpan(told);
    expect(found?.id).toBe(dialect);
    expect(found?.readSpan?.(told)).toBeUndefined();
  },
);

test("every dialect that reads spans has a case that it reads and that is told apart from all others", () => {
  const readers = DIALECTS.filter(({ readSpan }) => readSpan !== undefined).map(({ id }) => id);
  const covered = CASES.filter(({ read }) => read !== undefined).map(({ dialect }) => dialect);
  expect(new Set(readers)).toEqual(new Set(covered));
});

/** What many senders write; each is asked after all others. */
const GENERAL = new Set(["openllmetry", "otel-genai", "otel-genai-legacy"]);

test.each(CASES)(
  "$dialect, $says: nobody else claims it but general dialects",
  ({ dialect, span: told }) => {
    const others = DIALECTS.filter((each) => each.claimsSpan?.(told))
      .map(({ id }) => id)
      .filter((id) => id !== dialect && !GENERAL.has(id));
    expect(others).toEqual([]);
  },
);

test("a span that tells of no model is nobody's", () => {
  const http = span({ "http.request.method": "POST", "server.address": "api.openai.com" });
  expect(dialectOfSpan(http)).toBeUndefined();
});

test("what is not said stays unknown", () => {
  const silent = span({ "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5" });
  expect(dialectOfSpan(silent)?.readSpan?.(silent)).toMatchObject({
    usage: undefined,
    costNanoUsd: undefined,
    responseModel: undefined,
    streaming: false,
  });
});
