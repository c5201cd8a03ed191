/** Of all spans. */
export const TRACE_ID = "5b8efff798038103d269b633813fc60c";

export const SPANS = 512;

/** As big as a batch of OpenTelemetry's SDKs: chat calls with prompts of 3 kB and answers of 800 bytes on their spans. */
export function genAiExport({
  startMs = 1_700_000_000_123,
  withPrompts = true,
}: { readonly startMs?: number; readonly withPrompts?: boolean } = {}): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "shop"), text("service.version", "1.2.3")] },
        scopeSpans: [
          {
            scope: { name: "opentelemetry.instrumentation.openai_v2", version: "2.1b0" },
            spans: Array.from({ length: SPANS }, (_, at) => genAiSpan(at, startMs, withPrompts)),
          },
        ],
      },
    ],
  };
}

/** What is on the spans but never read. */
export const CONTENT: ReadonlySet<string> = new Set([
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
]);

function genAiSpan(at: number, startMs: number, withPrompts: boolean): object {
  return {
    traceId: TRACE_ID,
    spanId: (at + 1).toString(16).padStart(16, "0"),
    parentSpanId: "00f067aa0ba902b7",
    name: "chat gpt-4o-mini",
    kind: 3,
    startTimeUnixNano: `${startMs}456789`,
    endTimeUnixNano: `${startMs + 1_000}456789`,
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "openai"),
      text("gen_ai.request.model", "gpt-4o-mini"),
      text("gen_ai.response.model", "gpt-4o-mini-2024-07-18"),
      text("gen_ai.response.id", `chatcmpl-${String(at).padStart(29, "x")}`),
      whole("gen_ai.request.max_tokens", 1_024),
      { key: "gen_ai.request.temperature", value: { doubleValue: 0.7 } },
      { key: "gen_ai.request.top_p", value: { doubleValue: 0.9 } },
      whole("gen_ai.usage.input_tokens", 1_200 + at),
      whole("gen_ai.usage.output_tokens", 210 + at),
      whole("gen_ai.usage.cache_read.input_tokens", 1_000),
      whole("gen_ai.usage.reasoning.output_tokens", 64),
      {
        key: "gen_ai.response.finish_reasons",
        value: { arrayValue: { values: [{ stringValue: "stop" }] } },
      },
      text("gen_ai.conversation.id", "conv_5j66UpCpwteGg4YSxUnt7lPY"),
      text("gen_ai.agent.name", "researcher"),
      text("gen_ai.output.type", "text"),
      text("server.address", "api.openai.com"),
      whole("server.port", 443),
      text("openai.request.service_tier", "auto"),
      text("openai.response.service_tier", "default"),
      text("openai.response.system_fingerprint", "fp_44709d6fcb"),
      ...(withPrompts ? PROMPTS : []),
    ],
    status: {},
  };
}

const PROMPTS: readonly object[] = [
  text("gen_ai.input.messages", message("user", 3_000)),
  text("gen_ai.output.messages", message("assistant", 800)),
  text("gen_ai.system_instructions", message("system", 1_200)),
];

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function whole(key: string, value: number): object {
  return { key, value: { intValue: String(value) } };
}

function message(role: string, length: number): string {
  const content = "Explain the difference between ü and u. ".repeat(Math.ceil(length / 40));
  return JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
}
