import { isTollgateError } from "@tollgate/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePolicy, type CompiledPolicy } from "../src/policy/compile.ts";
import { matchesGlob } from "../src/policy/glob.ts";
import { parsePolicies, policySchema, type PolicyInput } from "../src/index.ts";

const GOOD = { id: "org/monthly", limit: { usd: 100 }, window: "month" } as const;

function problemOf(input: unknown): string {
  try {
    parsePolicies(input);
  } catch (error) {
    return isTollgateError(error) ? `${error.code} ${error.message}` : "another error";
  }
  return "nothing";
}

describe("a policy", () => {
  test("gets its defaults", () => {
    expect(parsePolicies([GOOD])).toEqual([
      {
        id: "org/monthly",
        limit: { usd: 100 },
        window: "month",
        match: {},
        each: [],
        alertAt: [50, 80, 95],
        onExceed: "deny",
        guarantee: "bounded",
        onStoreError: "bounded",
        clip: false,
        streams: "extend",
        throttle: { maxWait: "60s" },
      },
    ]);
  });

  test.each([
    ["hard", "closed"],
    ["bounded", "bounded"],
    ["advisory", "open"],
  ] as const)("that is %s is %s when its store fails", (guarantee, onStoreError) => {
    expect(parsePolicies([{ ...GOOD, guarantee }])[0]?.onStoreError).toBe(onStoreError);
    expect(parsePolicies([{ ...GOOD, guarantee, onStoreError: "open" }])[0]?.onStoreError).toBe(
      "open",
    );
  });

  test("stays the same when parsed again", () => {
    const once = parsePolicies([
      { ...GOOD, timezone: "Europe/Berlin", alertAt: [95, 50, 50], guarantee: "hard" },
      { id: "b", limit: { tokens: 5, requests: 1 }, window: { rolling: "1h" }, each: ["agent"] },
      { id: "c", limit: { usd: 0.5 }, window: { task: { idle: 60 } }, throttle: { maxWait: 5 } },
    ]);
    expect(parsePolicies(once)).toEqual(once);
    expect(once[0]?.alertAt).toEqual([50, 95]);
  });

  test.each<[string, unknown, RegExp]>([
    ["a misspelt limit", { ...GOOD, limit: { usdd: 5 } }, /limit: .*"usdd"/],
    ["a misspelt key", { ...GOOD, windw: "day" }, /"windw"/],
    ["a misspelt match key", { ...GOOD, match: { projct: "a" } }, /match: .*"projct"/],
    ["a misspelt each key", { ...GOOD, each: ["projct"] }, /each\.0: write one of organization/],
    ["no limit", { ...GOOD, limit: {} }, /limit: name at least one of usd, tokens and requests/],
    ["a limit of 0", { ...GOOD, limit: { usd: 0 } }, /limit\.usd: write US dollars above 0/],
    ["a negative limit", { ...GOOD, limit: { usd: -1 } }, /limit\.usd: write US dollars above 0/],
    ["a limit of 1e300", { ...GOOD, limit: { usd: 1e300 } }, /limit\.usd: .*at most 9000000/],
    ["an infinite limit", { ...GOOD, limit: { usd: Infinity } }, /limit\.usd: write US dollars/],
    [
      "a limit that is NaN",
      { ...GOOD, limit: { usd: Number.NaN } },
      /limit\.usd: write US dollars/,
    ],
    ["a limit in quotes", { ...GOOD, limit: { usd: "5" } }, /limit\.usd: write US dollars/],
    ["half a token", { ...GOOD, limit: { tokens: 0.5 } }, /limit\.tokens: write a whole number/],
    ["1e300 tokens", { ...GOOD, limit: { tokens: 1e300 } }, /limit\.tokens: write a whole number/],
    ["0 requests", { ...GOOD, limit: { requests: 0 } }, /limit\.requests: write a whole number/],
    ["a limit that is a number", { ...GOOD, limit: 5 }, /limit: limit is an object/],
    ["no window", { id: "a", limit: { usd: 1 } }, /window: write "day"/],
    ["an unknown window", { ...GOOD, window: "year" }, /window: write "day", "week", "month"/],
    [
      "a window of -1h",
      { ...GOOD, window: { rolling: "-1h" } },
      /window\.rolling: write a duration/,
    ],
    ["a window of 0 seconds", { ...GOOD, window: { rolling: 0 } }, /window\.rolling: .*between 1s/],
    [
      "0 buckets",
      { ...GOOD, window: { rolling: "1h", buckets: 0 } },
      /window\.buckets: write a whole number from 1 to 1440/,
    ],
    [
      "an unknown zone",
      { ...GOOD, timezone: "Europe/Berln" },
      /timezone: "Europe\/Berln" is not a time zone; write an IANA name/,
    ],
    [
      "an offset as a zone",
      { ...GOOD, timezone: "+01:00" },
      /timezone: "\+01:00" is not a time zone/,
    ],
    [
      "a zone without a calendar",
      { ...GOOD, window: "total", timezone: "UTC" },
      /timezone: only the windows/,
    ],
    ["an id in capitals", { ...GOOD, id: "Org" }, /id: write 1-63 of a-z/],
    ["an id of 64", { ...GOOD, id: "a".repeat(64) }, /id: write 1-63/],
    ["a missing id", { limit: { usd: 1 }, window: "day" }, /policy 0: id: write 1-63/],
    ["an empty match", { ...GOOD, match: { project: "" } }, /match\.project: write a value or \*/],
    ["an alert at 0 %", { ...GOOD, alertAt: [0] }, /alertAt\.0: write per cents/],
    ["an alert at half a per cent", { ...GOOD, alertAt: [0.5] }, /alertAt\.0: write per cents/],
    [
      "an unknown guarantee",
      { ...GOOD, guarantee: "soft" },
      /guarantee: write "hard", "bounded" or/,
    ],
    [
      "an unknown onExceed",
      { ...GOOD, onExceed: "block" },
      /onExceed: write "deny", "throttle" or/,
    ],
    ["an unknown onStoreError", { ...GOOD, onStoreError: "x" }, /onStoreError: write "closed"/],
    [
      "a wait without a unit",
      { ...GOOD, throttle: { maxWait: "30" } },
      /throttle\.maxWait: write a duration/,
    ],
    [
      "a wait of a year",
      { ...GOOD, throttle: { maxWait: "365d" } },
      /throttle\.maxWait: .*at most 1d/,
    ],
    ["a key twice", { ...GOOD, each: ["agent", "agent"] }, /each: name each key once/],
    ["a policy that is a string", "org", /policy 0: a policy is an object/],
  ])("with %s is refused", (_, input, message) => {
    const problem = problemOf([input]);
    expect(problem).toContain("TOLLGATE_POLICY_INVALID");
    expect(problem).toMatch(message);
  });

  test("that has the id of another is refused", () => {
    expect(problemOf([GOOD, { ...GOOD, id: "b" }, GOOD])).toContain(
      'policy 2 ("org/monthly"): id: policy 0 has the id "org/monthly" already; give each policy its own',
    );
  });

  test("is found by its index and id, and all problems are listed", () => {
    const message = problemOf([GOOD, { ...GOOD, id: "b", limit: { usd: 0 }, onExceed: "x" }]);
    expect(message).toMatch(/policy 1 \("b"\): limit\.usd: /);
    expect(message).toMatch(/policy 1 \("b"\): onExceed: /);
  });

  test.each([undefined, null, {}, "x", 5])("list that is %j is refused", (input) => {
    expect(problemOf(input)).toContain("write a list of policies");
  });

  test("issues carry the path of the key, for those who know its line", () => {
    const { error } = policySchema.safeParse({ ...GOOD, limit: { usd: 0 } });
    expect(error?.issues[0]?.path).toEqual(["limit", "usd"]);
  });

  test.each(["day", "week", "month", "total", "task"] as const)("may run over a %s", (window) => {
    expect(() => parsePolicies([{ ...GOOD, window }])).not.toThrow();
  });
});

function compiled(input: Partial<PolicyInput>): CompiledPolicy | undefined {
  return parsePolicies([{ ...GOOD, ...input }]).map(compilePolicy)[0];
}

describe("a compiled policy", () => {
  test("has limits in nano-USD and alerts in amounts, rounded up", () => {
    expect(compiled({ limit: { usd: 0.1, tokens: 3 }, alertAt: [50, 110] })?.limits).toEqual([
      { unit: "usd", limit: 100_000_000, alertAmounts: [50_000_000, 110_000_000] },
      { unit: "tokens", limit: 3, alertAmounts: [2, 4] },
    ]);
  });

  test("with a task window counts each task", () => {
    expect(compiled({ window: "task" })).toMatchObject({
      each: ["task"],
      window: { kind: "task", idleMs: 3_600_000 },
    });
    expect(compiled({ window: { task: { idle: "15m" } }, each: ["project"] })).toMatchObject({
      each: ["project", "task"],
      window: { idleMs: 900_000 },
    });
  });

  test.each([
    ["500ms", 500],
    ["1.5s", 1_500],
    ["15m", 900_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    [2.5, 2_500],
    [0, 0],
  ])("reads a wait of %j", (maxWait, maxWaitMs) => {
    expect(compiled({ throttle: { maxWait } })?.maxWaitMs).toBe(maxWaitMs);
  });
});

describe("a pattern", () => {
  test.each([
    ["gpt-*", "gpt-5", true],
    ["gpt-*", "gpt-", true],
    ["gpt-*", "xgpt-5", false],
    ["*-mini", "gpt-5-mini", true],
    ["*-mini", "gpt-5-mini-x", false],
    ["a*b*c", "a--b--b--c", true],
    ["*", "", true],
    ["a.c", "abc", false],
    ["[a-z]", "b", false],
    ["GPT", "gpt", false],
    ["a**b", "ab", true],
  ])("%j on %j is %s", (pattern, text, matches) => {
    expect(matchesGlob(pattern, text)).toBe(matches);
  });

  test("means what the regular expression means", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 12 });
    fc.assert(
      fc.property(
        text,
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 }),
        (pattern, value) => {
          const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(value);
          expect(matchesGlob(pattern, value)).toBe(expected);
        },
      ),
    );
  });
});
