import { createOpenAI } from "@ai-sdk/openai";
import { LegacyOpenTelemetry, OpenTelemetry } from "@ai-sdk/otel";
import { embed, generateText, registerTelemetry, streamText } from "ai";
import { attempt, printSpans, provider } from "./capture.mjs";

const Integration = process.argv[2] === "legacy" ? LegacyOpenTelemetry : OpenTelemetry;
registerTelemetry(new Integration({ tracer: provider.getTracer("ai") }));
const openai = createOpenAI();
const common = { telemetry: { isEnabled: true, functionId: "planner" }, maxRetries: 0 };
const chat = { ...common, model: openai.chat("gpt-4o-mini"), prompt: "Hello" };

await generateText(chat);
await streamText(chat).consumeStream();
await embed({ ...common, model: openai.embedding("text-embedding-3-small"), value: "Hello" });
await attempt(() => generateText(chat));
await printSpans();
