import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DIALECTS,
  dialectOfLog,
  dialectOfPoint,
  dialectOfSpan,
  type Attributes,
  type AttributeValue,
  type Sighting,
} from "../../src/index.ts";
import { log, origin, point, span } from "./records.ts";

const NAMES = [...new Set(DIALECTS.flatMap(({ reads }) => reads.names))];
const SCOPES = [
  "",
  "litellm",
  "com.anthropic.sdk.typescript",
  "com.anthropic.claude_code.events",
  "gemini-cli",
  "@traceloop/instrumentation-openai",
  "@tollgate/instrumentation",
  "github.copilot",
];
const SERVICES = ["shop", "claude-code", "gemini-cli", "codex_cli_rs", "copilot-chat"];

const anyNumber = fc.oneof(
  fc.integer({ min: -5, max: 5_000 }),
  fc.double(),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 1e300, Number.MAX_SAFE_INTEGER, 2 ** 60),
);
const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom("", " ", "0x10", "12", "-3", "1e3", "1.5", "9".repeat(40), "true", "chat", "LLM"),
  fc.constantFrom("constructor", "__proto__", "toString", "hasOwnProperty"),
  fc.constantFrom("generation", "{", "[", "[[]]", '{"input":-1}', '{"input":"7","total":null}'),
  fc.json(),
);
const anyValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    anyNumber,
    anyText,
    fc.boolean(),
    fc.uint8Array({ maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
  ),
})).value;

const anyAttributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.oneof(fc.constantFrom(...NAMES), fc.string()),
  anyValue,
  { maxKeys: 12 },
);
const anyOrigin = fc
  .tuple(fc.constantFrom(...SCOPES), fc.constantFrom(...SERVICES), anyAttributes)
  .map(([scope, service, resource]) => origin(scope, { ...resource, "service.name": service }));

const isCount = (count: unknown): boolean =>
  typeof count === "number" && Number.isSafeInteger(count) && count >= 0;

/** Parts that are more than their sums. */
function oversizedIn({ usage }: Sighting): readonly string[] {
  const { inputTokens = Infinity, outputTokens = Infinity } = usage ?? {};
  const { cacheReadTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = usage ?? {};
  return [
    ...(cacheReadTokens + cacheWriteTokens <= inputTokens ? [] : ["cache"]),
    ...(reasoningTokens <= outputTokens ? [] : ["reasoning"]),
  ];
}

/** Which numbers and names of a sighting cannot be. */
function nonsenseIn(seen: Sighting): readonly string[] {
  const { usage, costNanoUsd, durationMs, timeToFirstChunkMs, attribution } = seen;
  const counts = Object.entries({ ...usage, costNanoUsd });
  const times = Object.entries({ durationMs, timeToFirstChunkMs });
  const owners = Object.entries(attribution ?? {});
  return [
    ...counts.filter(([, count]) => count !== undefined && !isCount(count)),
    ...times.filter(([, timeMs]) => timeMs !== undefined && !(timeMs >= 0)),
    ...(typeof seen.operation === "string" ? [] : [["operation"] as const]),
    ...owners.filter(([, owner]) => owner !== undefined && typeof owner !== "string"),
  ]
    .map(([name]) => name)
    .concat(oversizedIn(seen));
}

/** Every count is a whole number from 0, parts are no more than their sums, and times make sense. */
function expectSense(seen: Sighting | undefined): void {
  expect(seen === undefined ? [] : nonsenseIn(seen)).toEqual([]);
}

const RUNS = { numRuns: 1_000 };

test("no span makes a dialect throw or tell of what cannot be", () => {
  fc.assert(
    fc.property(anyAttributes, anyOrigin, anyText, anyNumber, (attributes, from, name, endMs) => {
      const told = span(attributes, { origin: from, name, endMs, statusCode: 2 });
      expectSense(dialectOfSpan(told)?.readSpan?.(told));
      // Each by itself, too: the order of the list is no part of their contract.
      for (const { readSpan } of DIALECTS) expectSense(readSpan?.(told));
    }),
    RUNS,
  );
});

test("no log does", () => {
  const events = [
    "api_request",
    "claude_code.api_error",
    "codex.sse_event",
    "gemini_cli.api_response",
  ];
  fc.assert(
    fc.property(
      anyAttributes,
      anyOrigin,
      fc.constantFrom(...events),
      (attributes, from, eventName) => {
        const told = log(
          { ...attributes, "event.kind": "response.completed" },
          { origin: from, eventName },
        );
        expectSense(dialectOfLog(told)?.readLog?.(told));
        for (const { readLog } of DIALECTS) expectSense(readLog?.(told));
      },
    ),
    RUNS,
  );
});

test("no point does", () => {
  const metrics = [
    "claude_code.token.usage",
    "gemini_cli.token.usage",
    "gen_ai.client.token.usage",
    "gen_ai.client.inference.usage.input_tokens",
  ];
  fc.assert(
    fc.property(
      anyAttributes,
      fc.constantFrom(...metrics),
      anyNumber,
      (attributes, metric, amount) => {
        const told = point(metric, { ...attributes, type: "input", "gen_ai.token.type": "output" });
        expectSense(dialectOfPoint(told)?.readPoint?.(told, amount));
        for (const { readPoint } of DIALECTS) expectSense(readPoint?.(told, amount));
      },
    ),
    RUNS,
  );
});

test("attributes that no dialect names change nothing", () => {
  fc.assert(
    fc.property(anyAttributes, fc.dictionary(fc.uuid(), anyValue), (attributes, more) => {
      const [bare, full] = [span(attributes), span({ ...more, ...attributes })];
      const dialect = dialectOfSpan(bare);
      expect(dialectOfSpan(full)).toBe(dialect);
      expect(dialect?.readSpan?.(full)).toEqual(dialect?.readSpan?.(bare));
    }),
    { numRuns: 500 },
  );
});
