import type { TokenUsage } from "@tollgate/core";
import type { BookedCall } from "./booked-calls.ts";
import type { Finding } from "./finding.ts";
import type { ProviderCall } from "./scenarios.ts";
import type { SentSpan } from "./sent-spans.ts";

const COUNTS = [
  ["inputTokens", "tokens_in"],
  ["outputTokens", "tokens_out"],
  ["cacheReadTokens", "cache_read_tokens"],
  ["cacheWriteTokens", "cache_write_tokens"],
  ["reasoningTokens", "reasoning_tokens"],
] as const;

/** Counts that are not the provider's: ours to answer for where the sender's spans hold what is missing, or not what is booked. */
export function compareCounts(
  call: ProviderCall,
  event: BookedCall,
  spans: readonly SentSpan[],
): readonly Finding[] {
  const { scenario } = call;
  const usage: Partial<TokenUsage> = call.usage ?? {};
  return COUNTS.flatMap(([count, column]): readonly Finding[] => {
    const expected: number | undefined = usage[count];
    const got = event[column];
    // What was not there may be told as zero, or not at all.
    if ((got ?? 0) === (expected ?? 0)) return [];
    const text = `${count} is ${got ?? "unknown"}, not ${expected ?? "unknown"}`;
    const isInvented = got !== null && !holds(spans, got);
    return isInvented || says(spans, count, usage)
      ? [{ kind: "wrong", scenario, text }]
      : [{ kind: "limit", scenario, text: `${text}: no attribute of its spans says so` }];
  });
}

/** As one number, or, of input, as what caches neither served nor were written, and both of these. */
function says(
  spans: readonly SentSpan[],
  count: (typeof COUNTS)[number][0],
  usage: Partial<TokenUsage>,
): boolean {
  const { [count]: expected, cacheReadTokens: read = 0, cacheWriteTokens: written = 0 } = usage;
  if (expected === undefined) return false;
  if (holds(spans, expected)) return true;
  if (count !== "inputTokens" || read + written === 0) return false;
  return [expected - read - written, read, written].every(
    (part) => part === 0 || holds(spans, part),
  );
}

function holds(spans: readonly SentSpan[], number: number): boolean {
  return spans.some(({ attributes }) =>
    Object.values(attributes).some((value) => Number(value) === number),
  );
}
