import {
  describeRefusal,
  type BudgetRefusal,
  type BudgetUnit,
  type RefusalReason,
} from "./budget-refusal.ts";

/** The `code` and `type` of a refusal in every provider's error shape. */
export const BUDGET_EXCEEDED_CODE = "tollgate_budget_exceeded";

/** The header that carries the refusal as JSON, for clients that drop the body. */
export const BUDGET_EXCEEDED_HEADER = "x-tollgate-budget-exceeded";

/** What a refusal looks like on the wire, whatever shape is around it. */
export interface RefusalMarker {
  readonly budget: string;
  readonly reason: string;
  readonly unit: string;
  readonly limit: number;
  readonly remaining: number;
  readonly requested: number;
  readonly resets_at: string | null;
}

export function refusalMarker(refusal: BudgetRefusal): RefusalMarker {
  return {
    budget: refusal.budget,
    reason: refusal.reason,
    unit: refusal.unit,
    limit: refusal.limit,
    remaining: refusal.remaining,
    requested: refusal.requested,
    resets_at: refusal.resetsAtMs === undefined ? null : new Date(refusal.resetsAtMs).toISOString(),
  };
}

const REASONS: readonly RefusalReason[] = [
  "exceeded",
  "throttle_timeout",
  "unboundable",
  "unpriced",
  "frozen",
  "runaway",
  "store_unavailable",
];
const UNITS: readonly BudgetUnit[] = ["usd", "tokens", "requests"];

/**
 * Whether an error that any SDK or framework raised is a budget's refusal.
 *
 * Looks at codes, bodies and headers wherever clients put them (error shapes differ: `.error`,
 * `.body`, `.data`, `.cause`, `.headers`, JSON inside `.message`), and never throws.
 */
export function isBudgetExceeded(error: unknown): boolean {
  return findMarker(error) !== undefined;
}

/**
 * The refusal behind an error that any SDK or framework raised: budget, unit, what is left and
 * when the window resets. `undefined` when the error is something else.
 */
export function budgetExceeded(error: unknown): BudgetRefusal | undefined {
  const found = findMarker(error);
  return found === undefined ? undefined : parseMarker(found);
}

/** Where clients and frameworks keep what the server said; the walk follows nothing else. */
const NEXT_KEYS = [
  "tollgate",
  "cause",
  "lastError",
  "errors",
  "error",
  "data",
  "body",
  "responseBody",
  "rawResponse",
  "response",
  "details",
] as const;
const CODE_KEYS = ["code", "type", "status", "id", "reason"] as const;
const MAX_VISITS = 60;
const MAX_TEXT = 20_000;
const MAX_TRIES = 20;

/** Finds the marker object, or `true` when only the code was found. */
function findMarker(root: unknown): object | true | undefined {
  const queue: unknown[] = [root];
  const seen = new Set<object>();
  let codeSeen: true | undefined;
  for (let visits = 0; queue.length > 0 && visits < MAX_VISITS; visits++) {
    const value = queue.shift();
    if (typeof value === "string" && value.length <= MAX_TEXT) {
      if (!value.includes(BUDGET_EXCEEDED_CODE)) continue;
      codeSeen = true;
      queue.push(parseJsonTail(value));
    } else if (typeof value === "object" && value !== null && !seen.has(value)) {
      seen.add(value);
      if (isMarker(value)) return value;
      if (CODE_KEYS.some((key) => readKey(value, key) === BUDGET_EXCEEDED_CODE)) codeSeen = true;
      queue.push(...placesWithin(value));
    }
  }
  return codeSeen;
}

/** Where an error, a body or a response may keep what the server said. */
function placesWithin(value: object): unknown[] {
  const places: unknown[] = [
    headerMarker(readKey(value, "headers")),
    headerMarker(readKey(value, "responseHeaders")),
    ...NEXT_KEYS.map((key) => readKey(value, key)),
  ];
  if (Array.isArray(value)) places.push(...value.slice(0, 5));
  if (value instanceof Error) places.push(value.message);
  // What is not there shall not use up the visits.
  return places.filter((place) => place !== undefined && place !== null);
}

function readKey(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}

function headerMarker(headers: unknown): unknown {
  if (typeof headers !== "object" || headers === null) return undefined;
  const get = readKey(headers, "get");
  const text: unknown =
    typeof get === "function"
      ? get.call(headers, BUDGET_EXCEEDED_HEADER)
      : readKey(headers, BUDGET_EXCEEDED_HEADER);
  return typeof text === "string" ? parseJsonTail(text) : undefined;
}

/** The JSON that a text ends with; words before it may have braces of their own. */
function parseJsonTail(text: string): unknown {
  let start = text.indexOf("{");
  for (let tries = 0; start >= 0 && tries < MAX_TRIES; tries++) {
    const value = parseJson(text.slice(start));
    if (value !== undefined) return value;
    start = text.indexOf("{", start + 1);
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readOneOf<Word extends string>(
  value: object,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const found = readKey(value, key);
  return words.find((word) => word === found);
}

function isMarker(value: object): boolean {
  return (
    typeof readKey(value, "budget") === "string" &&
    readOneOf(value, "reason", REASONS) !== undefined &&
    readOneOf(value, "unit", UNITS) !== undefined
  );
}

function parseMarker(found: object | true): BudgetRefusal {
  const marker = found === true ? {} : found;
  const number = (key: string): number => {
    const value = readKey(marker, key);
    return typeof value === "number" ? value : 0;
  };
  const resetsAt = readKey(marker, "resets_at");
  const resetsAtMs = typeof resetsAt === "string" ? Date.parse(resetsAt) : Number.NaN;
  const budget = readKey(marker, "budget");
  return {
    budget: typeof budget === "string" ? budget : "unknown",
    reason: readOneOf(marker, "reason", REASONS) ?? "exceeded",
    unit: readOneOf(marker, "unit", UNITS) ?? "usd",
    limit: number("limit"),
    remaining: number("remaining"),
    requested: number("requested"),
    resetsAtMs: Number.isNaN(resetsAtMs) ? undefined : resetsAtMs,
  };
}

/** The error object that goes into a provider's error shape. */
export function refusalError(refusal: BudgetRefusal): {
  readonly message: string;
  readonly type: string;
  readonly code: string;
  readonly param: null;
  readonly tollgate: RefusalMarker;
} {
  return {
    message: describeRefusal(refusal),
    type: BUDGET_EXCEEDED_CODE,
    code: BUDGET_EXCEEDED_CODE,
    param: null,
    tollgate: refusalMarker(refusal),
  };
}
