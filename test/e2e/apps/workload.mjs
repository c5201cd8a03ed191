/**
 * An ordinary app on the AI SDK: so many calls, of several models, plain and streamed, some of which fail. With
 * `OTEL_EXPORTER_OTLP_ENDPOINT` the SDK's own telemetry is on. Says when it is done, and lives on until its input ends.
 */
import { once } from "node:events";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, registerTelemetry, streamText } from "ai";

const tracing =
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? undefined
    : await import("./otlp-tracing.mjs");
if (tracing !== undefined) {
  const { OpenTelemetry } = await import("@ai-sdk/otel");
  registerTelemetry(new OpenTelemetry({ tracer: tracing.provider.getTracer("ai") }));
}

const count = Number(process.argv[2]);
const openai = createOpenAI();
const anthropic = createAnthropic({ baseURL: `${process.env.ANTHROPIC_BASE_URL}/v1` });
const models = [
  openai.chat("gpt-4o-mini"),
  openai.chat("gpt-4.1"),
  anthropic("claude-sonnet-4-5"),
  openai.responses("gpt-5-mini"),
];

async function call(number) {
  const request = {
    model: models[number % models.length],
    prompt: "Hello",
    maxRetries: 0,
    telemetry: { isEnabled: true },
    onError: () => undefined,
  };
  try {
    if (number % 3 === 0) await streamText(request).consumeStream({ onError: () => undefined });
    else await generateText(request);
  } catch {
    // Some calls are meant to fail.
  }
}

let next = 0;
async function lane() {
  while (next < count) await call(next++);
}
await Promise.all(Array.from({ length: 10 }, lane));
await tracing?.provider.forceFlush();

process.stdout.write("called\n");
process.stdin.resume();
await once(process.stdin, "end");
await tracing?.provider.shutdown();
