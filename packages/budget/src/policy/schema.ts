import { z } from "zod";
import { isTimeZone } from "@tollgate/core";
import { DURATION_HINT, parseDurationMs } from "./duration.ts";
import { METRIC_KEYS, unreadableByMetrics } from "./metric-keys.ts";
import {
  MATCH_KEYS,
  type MatchKey,
  type OnStoreError,
  type Policy,
  type PolicyInput,
} from "./policy.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ID_HINT = "write 1-63 of a-z, 0-9, / and -, beginning with a letter or digit";

const text = (hint: string): z.ZodString => z.string({ error: hint });

function duration(
  what: string,
  minMs: number,
  maxMs: number,
): z.ZodType<string | number, string | number> {
  const inRange = (value: string | number): boolean => {
    const durationMs = parseDurationMs(value);
    return durationMs !== undefined && durationMs >= minMs && durationMs <= maxMs;
  };
  return z
    .union([z.string(), z.number()], { error: `write ${DURATION_HINT}` })
    .refine(inRange, `write ${DURATION_HINT}, ${what}`);
}

function wholeNumber(hint: string): z.ZodType<number, number> {
  return z.int({ error: hint }).min(1, hint);
}

const USD_HINT = "write US dollars above 0 and at most 9000000, such as 25 or 0.5";
const limitSchema = z
  .strictObject(
    {
      usd: z.number({ error: USD_HINT }).positive(USD_HINT).max(9_000_000, USD_HINT).optional(),
      tokens: wholeNumber("write a whole number of tokens from 1, such as 1000000").optional(),
      requests: wholeNumber("write a whole number of requests from 1, such as 500").optional(),
    },
    { error: objectError("limit", "{ usd: 25 }") },
  )
  .refine(
    (limit) => Object.values(limit).some((amount) => amount !== undefined),
    "name at least one of usd, tokens and requests, such as { usd: 25 }",
  );

const WINDOW_HINT =
  'write "day", "week", "month", "total", "task", { rolling: "1h", buckets: 60 } or { task: { idle: "1h" } }';
const BUCKETS_HINT = "write a whole number from 1 to 1440";
const windowSchema = z.union(
  [
    z.enum(["day", "week", "month", "total", "task"]),
    z.strictObject({
      rolling: duration("between 1s and 366d", 1_000, 366 * DAY_MS),
      buckets: z
        .int({ error: BUCKETS_HINT })
        .min(1, BUCKETS_HINT)
        .max(1440, BUCKETS_HINT)
        .optional(),
    }),
    z.strictObject({
      task: z.strictObject({ idle: duration("between 1s and 366d", 1_000, 366 * DAY_MS) }),
    }),
  ],
  { error: WINDOW_HINT },
);

export const idSchema: z.ZodType<string, string> = text(ID_HINT).regex(
  /^[a-z0-9][a-z0-9/-]{0,62}$/,
  ID_HINT,
);

const matchKey = z.enum(MATCH_KEYS, { error: `write one of ${MATCH_KEYS.join(", ")}` });
const matchValue = text('write an exact value or a pattern with *, such as "gpt-*"')
  .min(1, "write a value or *; an empty one matches nothing")
  .optional();
type Match = Policy["match"];
export const matchSchema: z.ZodType<Match, Match> = z.strictObject(
  Object.fromEntries(MATCH_KEYS.map((key) => [key, matchValue])),
  { error: objectError("match", '{ project: "atlas" }') },
);
export const eachSchema: z.ZodType<MatchKey[], readonly MatchKey[]> = z
  .array(matchKey, { error: `write a list of ${MATCH_KEYS.join(", ")}` })
  .refine((keys) => new Set(keys).size === keys.length, "name each key once");

const ALERT_HINT = "write per cents of the limit, whole, from 1 to 1000, such as [50, 80, 95]";

const shape = z.strictObject(
  {
    id: idSchema,
    match: matchSchema.default({}),
    each: eachSchema.default([]),
    limit: limitSchema,
    window: windowSchema,
    timezone: text("write an IANA name such as Europe/Berlin")
      .refine(isTimeZone, {
        error: (issue) =>
          `${JSON.stringify(issue.input)} is not a time zone; write an IANA name such as Europe/Berlin`,
      })
      .optional(),
    alertAt: z
      .array(z.int({ error: ALERT_HINT }).min(1, ALERT_HINT).max(1000, ALERT_HINT), {
        error: ALERT_HINT,
      })
      .transform((percents) => [...new Set(percents)].toSorted((a, b) => a - b))
      .default([50, 80, 95]),
    onExceed: z
      .enum(["deny", "throttle", "alert"], { error: 'write "deny", "throttle" or "alert"' })
      .default("deny"),
    guarantee: z
      .enum(["hard", "bounded", "advisory"], { error: 'write "hard", "bounded" or "advisory"' })
      .default("bounded"),
    decideOn: z
      .enum(["ledger", "aggregates"], { error: 'write "ledger" or "aggregates"' })
      .optional(),
    onStoreError: z
      .enum(["closed", "bounded", "open"], { error: 'write "closed", "bounded" or "open"' })
      .optional(),
    maxOutputTokens: wholeNumber("write a whole number of tokens from 1").optional(),
    clip: z.boolean({ error: "write true or false" }).default(false),
    streams: z
      .enum(["hold", "extend", "stop"], { error: 'write "hold", "extend" or "stop"' })
      .optional(),
    throttle: z
      .strictObject(
        { maxWait: duration("at most 1d", 0, DAY_MS).default("60s") },
        { error: objectError("throttle", '{ maxWait: "30s" }') },
      )
      .default({ maxWait: "60s" }),
  },
  { error: objectError("a policy", '{ id: "daily", limit: { usd: 25 }, window: "day" }') },
);

/** Zod's own words for unknown keys are kept; the rest says what to write. */
function objectError(name: string, example: string): z.core.$ZodErrorMap {
  return (issue) =>
    issue.code === "unrecognized_keys" ? undefined : `${name} is an object, such as ${example}`;
}

const STORE_ERROR_DEFAULTS = { hard: "closed", bounded: "bounded", advisory: "open" } as const;

/**
 * One policy. Unknown keys fail: a misspelt limit must never mean "no limit".
 *
 * What it gives out is its input with the defaults filled in, so parsing twice changes nothing.
 */
export const policySchema: z.ZodType<Policy, PolicyInput> = shape
  .superRefine(({ window, timezone, clip, guarantee, onExceed, streams = "hold" }, context) => {
    if (streams !== "hold" && !holdsCanGrow(guarantee, onExceed)) {
      context.addIssue({
        code: "custom",
        path: ["streams"],
        message: "only a bounded budget that denies or throttles extends its holds; leave it out",
      });
    }
    if (clip && guarantee === "advisory") {
      context.addIssue({
        code: "custom",
        path: ["clip"],
        message: "an advisory budget holds nothing that could be cut; leave it out",
      });
    }
    if (timezone !== undefined && !isCalendar(window)) {
      context.addIssue({
        code: "custom",
        path: ["timezone"],
        message: 'only the windows "day", "week" and "month" have a time zone; leave it out',
      });
    }
  })
  .transform((policy): Policy => ({
    ...policy,
    streams:
      policy.streams ?? (holdsCanGrow(policy.guarantee, policy.onExceed) ? "extend" : "hold"),
    onStoreError: policy.onStoreError ?? storeErrorDefault(policy.guarantee),
  }))
  .superRefine((policy, context) => {
    if (policy.decideOn !== "aggregates") return;
    const unreadable = unreadableByMetrics(policy, new Set(METRIC_KEYS.keys()), true);
    if (unreadable === undefined) return;
    context.addIssue({ code: "custom", path: [unreadable.key], message: unreadable.message });
  });

/** A hard hold is the most there can be, an advisory one nothing, and what only warns refuses nobody. */
function holdsCanGrow(guarantee: Policy["guarantee"], onExceed: Policy["onExceed"]): boolean {
  return guarantee === "bounded" && onExceed !== "alert";
}

function isCalendar(window: unknown): boolean {
  return window === "day" || window === "week" || window === "month";
}

function storeErrorDefault(guarantee: Policy["guarantee"]): OnStoreError {
  return STORE_ERROR_DEFAULTS[guarantee];
}

/** All policies of a processor: each as in {@link policySchema}, no two with one id. */
export const policiesSchema: z.ZodType<Policy[], PolicyInput[]> = z
  .array(policySchema, { error: "write a list of policies" })
  .superRefine((policies, context) => {
    const firstIndex = new Map<string, number>();
    for (const [index, { id }] of policies.entries()) {
      const first = firstIndex.get(id);
      if (first === undefined) {
        firstIndex.set(id, index);
        continue;
      }
      context.addIssue({
        code: "custom",
        path: [index, "id"],
        message: `policy ${first} has the id "${id}" already; give each policy its own`,
      });
    }
  });
