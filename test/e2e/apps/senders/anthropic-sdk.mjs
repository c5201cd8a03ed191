import Anthropic from "@anthropic-ai/sdk";
import { attempt, printSpans, provider } from "./capture.mjs";

const client = new Anthropic({ maxRetries: 0, openTelemetry: { tracerProvider: provider } });
const chat = {
  model: "claude-opus-4-8",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello" }],
};

await client.messages.create(chat);
await client.messages.create(chat);
for await (const event of await client.messages.create({ ...chat, stream: true })) void event;
await attempt(() => client.messages.create(chat));
await printSpans();
