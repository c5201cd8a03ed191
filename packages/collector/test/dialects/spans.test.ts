import { expect, test } from "vitest";
import { DIALECTS, dialectOfSpan } from "../../src/index.ts";
import { SPAN_CASES } from "./span-cases.ts";
import { span } from "./records.ts";

test.each(SPAN_CASES)("$dialect: $says", ({ dialect, span: told, read }) => {
  const found = dialectOfSpan(told);
  expect(found?.id).toBe(dialect);
  const seen = found?.readSpan?.(told);
  if (read === undefined) expect(seen).toBeUndefined();
  else expect(seen).toMatchObject(read);
});

test("every dialect that reads spans has a case that it reads and that is told apart from all others", () => {
  const readers = DIALECTS.filter(({ readSpan }) => readSpan !== undefined).map(({ id }) => id);
  const covered = SPAN_CASES.filter(({ read }) => read !== undefined).map(({ dialect }) => dialect);
  expect(new Set(readers)).toEqual(new Set(covered));
});

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
