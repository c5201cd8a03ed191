import type { TokenUsage } from "@tollgate/core";
import { priceCall } from "@tollgate/pricing";
import type { BookedCall } from "./booked-calls.ts";
import type { Finding } from "./finding.ts";
import type { ProviderCall } from "./scenarios.ts";
import type { SentSpan } from "./sent-spans.ts";

export interface Compared {
  /** In the order in which they were made. */
  readonly provider: readonly ProviderCall[];
  readonly booked: readonly BookedCall[];
  readonly spans: readonly SentSpan[];
  /** Which scenario was under way in which trace. */
  readonly scenarios: ReadonlyMap<string, string>;
  readonly project: string;
  readonly dialects: readonly string[];
}

/** Where what is booked is not what the provider counted, and whether that is the sender's doing. */
export function compareCalls(compared: Compared): readonly Finding[] {
  const { provider, booked, scenarios } = compared;
  const known = provider.flatMap((call) => {
    const trace = [...scenarios].find(([, scenario]) => scenario === call.scenario)?.[0];
    const told = booked.filter(({ trace_id: traceId }) => traceId === trace);
    const spans = compared.spans.filter(({ traceId }) => traceId === trace);
    return compareCall(call, told, spans, compared);
  });
  const strays = booked.filter(({ trace_id: traceId }) => !scenarios.has(traceId ?? ""));
  return [...known, ...strays.map(stray)];
}

function stray({ source, tokens_in: tokensIn, tokens_out: tokensOut }: BookedCall): Finding {
  const text = `${source} booked ${tokensIn} + ${tokensOut} tokens that belong to no call`;
  return { kind: "wrong", scenario: "none", text };
}

function compareCall(
  call: ProviderCall,
  told: readonly BookedCall[],
  spans: readonly SentSpan[],
  { project, dialects }: Compared,
): readonly Finding[] {
  const { scenario } = call;
  const [event, ...more] = told;
  const wrong = (text: string): Finding => ({ kind: "wrong", scenario, text });
  if (more.length > 0) return [wrong(`booked ${told.length} times`)];
  if (event === undefined) {
    return spans.length === 0
      ? [{ kind: "limit", scenario, text: "no span was sent" }]
      : [wrong(`not booked, though spans were sent: ${spans.map(({ name }) => name).join(", ")}`)];
  }
  const facts = [
    ["project", project, event.project],
    ["provider", call.provider, event.provider],
    ["operation", call.operation, event.operation],
    ["outcome", call.failed ? "error" : "ok", event.outcome],
  ] as const;
  return [
    ...facts.flatMap(([what, expected, got]) =>
      expected === got ? [] : [wrong(`${what} is ${got}, not ${expected}`)],
    ),
    ...compareModel(call, event, spans),
    ...(dialects.includes(event.source) ? [] : [wrong(`read as ${event.source}`)]),
    ...compareCounts(call, event, spans),
    ...compareCost(call, event),
  ];
}

function compareModel(
  { model, scenario }: ProviderCall,
  event: BookedCall,
  spans: readonly SentSpan[],
): readonly Finding[] {
  if (event.model === model) return [];
  const isSaid = spans.some(({ attributes }) => Object.values(attributes).includes(model));
  const kind = event.model === null && !isSaid ? "limit" : "wrong";
  return [{ kind, scenario, text: `model is ${event.model ?? "unknown"}, not ${model}` }];
}

const COUNTS = [
  ["inputTokens", "tokens_in"],
  ["outputTokens", "tokens_out"],
  ["cacheReadTokens", "cache_read_tokens"],
  ["cacheWriteTokens", "cache_write_tokens"],
  ["reasoningTokens", "reasoning_tokens"],
] as const;

function compareCounts(
  { usage, scenario, operation }: ProviderCall,
  event: BookedCall,
  spans: readonly SentSpan[],
): readonly Finding[] {
  return COUNTS.flatMap(([count, column]): Finding[] => {
    const expected = usage?.[count];
    const got = event[column] ?? undefined;
    if (got === expected) return [];
    // What was not there may be told as zero, or not at all.
    if ((expected ?? 0) === 0 && (got ?? 0) === 0) return [];
    if (operation === "embeddings" && count === "outputTokens" && got === undefined) return [];
    const text = `${count} is ${got ?? "unknown"}, not ${expected ?? "unknown"}`;
    const isSaid = expected !== undefined && says(spans, count, expected, usage);
    const isOurs = isSaid || (got !== undefined && !holds(spans, got));
    return [
      isOurs
        ? { kind: "wrong", scenario, text }
        : { kind: "limit", scenario, text: `${text}: no attribute of its spans says so` },
    ];
  });
}

/** As one number, or, of input, as what caches neither served nor were written, and both of these. */
function says(
  spans: readonly SentSpan[],
  count: string,
  expected: number,
  usage: Partial<TokenUsage> = {},
): boolean {
  if (holds(spans, expected)) return true;
  const { cacheReadTokens: read = 0, cacheWriteTokens: written = 0 } = usage;
  if (count !== "inputTokens" || read + written === 0) return false;
  return [expected - read - written, read, written].every(
    (part) => part === 0 || holds(spans, part),
  );
}

function holds(spans: readonly SentSpan[], number: number): boolean {
  return spans.some(({ attributes }) => Object.values(attributes).some((value) => Number(value) === number));
}

/** The price of what was told; where all was told, that is the price of what the provider counted. */
function compareCost(call: ProviderCall, event: BookedCall): readonly Finding[] {
  const { provider, model, timeMs, scenario } = call;
  const told: TokenUsage | undefined =
    event.tokens_in === null && event.tokens_out === null
      ? undefined
      : {
          inputTokens: event.tokens_in ?? undefined,
          outputTokens: event.tokens_out ?? undefined,
          cacheReadTokens: event.cache_read_tokens ?? undefined,
          cacheWriteTokens: event.cache_write_tokens ?? undefined,
          reasoningTokens: event.reasoning_tokens ?? undefined,
        };
  const priced = (usage: TokenUsage | undefined): number | undefined =>
    usage === undefined ? undefined : priceCall(usage, { provider, model, timeMs }).totalNanoUsd;
  const got = event.cost_nano_usd ?? undefined;
  const { usage } = call;
  const due = priced(usage);
  if (got === due || (call.failed && (got ?? 0) === 0)) return [];
  const text = `cost is ${got ?? "unknown"} nano-USD, not ${due ?? "unknown"}`;
  if (event.price_source === "sender") {
    return [{ kind: "limit", scenario, text: `${text}: the sender's own figure` }];
  }
  return got === priced(told)
    ? [{ kind: "limit", scenario, text: `${text}: the price of what was told` }]
    : [{ kind: "wrong", scenario, text }];
}
