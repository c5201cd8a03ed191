import type { MatchedCall } from "../api.ts";

/** Vendors that take `stream_options.include_usage` and leave the usage out of a stream without it. */
const ON_REQUEST: ReadonlySet<string> = new Set(["alibaba", "openai", "together", "vllm"]);

/** Vendors that send it unasked, so that taking it out again would take it from the app. */
const UNASKED: ReadonlySet<string> = new Set([
  "deepseek",
  "fireworks",
  "groq",
  "huggingface",
  "mistral_ai",
  "openrouter",
  "perplexity",
  "x_ai",
]);

/**
 * How a streamed chat completion of a vendor comes to say its usage: we ask for it, from some API
 * version on, or need not, or leave it to the app, since a server that nobody has named may refuse what
 * it does not know.
 */
export type StreamUsage = "asked for" | "asked for, by version" | "sent" | "left to app";

export function streamUsageOf(provider: string): StreamUsage {
  if (provider.startsWith("azure.")) return "asked for, by version";
  if (ON_REQUEST.has(provider)) return "asked for";
  return UNASKED.has(provider) ? "sent" : "left to app";
}

const STREAMING_APIS: ReadonlySet<string> = new Set(["openai.chat", "openai.completions"]);

/**
 * Whether a streamed call reports its usage only with {@link injectUsageOption}, and is known to bear
 * it.
 *
 * @param url - the call's, for Azure's API version.
 */
export function needsUsageOption(call: MatchedCall, url: URL | string): boolean {
  if (!call.hostKnown || !STREAMING_APIS.has(call.api.id)) return false;
  return call.provider.startsWith("azure.")
    ? azureTakesOption(call, String(url))
    : ON_REQUEST.has(call.provider);
}

/** The first version of Azure's API that knows the option; all before it refuse the call. */
const AZURE_SINCE = "2024-09-01";

/**
 * Whether a call's version of Azure's API knows this option, and `max_completion_tokens`, which came with it.
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/reference
 */
export function azureTakesOption({ path }: MatchedCall, url: string): boolean {
  if (path.includes("/openai/v1/")) return true;
  const version = /[?&]api-version=(\d{4}-\d{2}-\d{2})/.exec(url)?.[1];
  return path.includes("/openai/deployments/") && version !== undefined && version >= AZURE_SINCE;
}
