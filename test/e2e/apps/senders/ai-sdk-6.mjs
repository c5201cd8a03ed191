import { createOpenAI } from "ai6-openai";
import { embed, generateText, streamText } from "ai6";
import { attempt, printSpans, provider } from "./capture.mjs";

const openai = createOpenAI();
const telemetry = { isEnabled: true, functionId: "planner", tracer: provider.getTracer("ai") };
const common = { experimental_telemetry: telemetry, maxRetries: 0 };
const chat = { ...common, model: openai.chat("gpt-4o-mini"), prompt: "Hello" };

await generateText(chat);
await streamText(chat).consumeStream();
await embed({ ...common, model: openai.embedding("text-embedding-3-small"), value: "Hello" });
await attempt(() => generateText(chat));
await printSpans();
