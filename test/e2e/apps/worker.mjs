/**
 * An ordinary app with the real clients. Does the calls that its arguments name, prints a line for each, and lives
 * on until its input ends.
 */
import { once } from "node:events";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const openai = new OpenAI({ maxRetries: 0 });
const anthropic = new Anthropic({ maxRetries: 0 });
const messages = [{ role: "user", content: "Hello." }];
const chat = { model: "gpt-4o-mini", max_tokens: 50, messages };

const calls = {
  chat: () => openai.chat.completions.create(chat),
  async stream() {
    const options = { stream: true, stream_options: { include_usage: true } };
    let usage;
    const chunks = await openai.chat.completions.create({ ...chat, ...options });
    for await (const chunk of chunks) usage = chunk.usage ?? usage;
    return { usage };
  },
  responses: () => openai.responses.create({ model: "gpt-5-mini", input: "Hello." }),
  messages: () =>
    anthropic.messages.create({ model: "claude-sonnet-4-5", max_tokens: 50, messages }),
  /** The app's own telemetry, started late. */
  sdk: async () => (await import("./own-sdk.mjs")).default,
};

for (const name of process.argv.slice(2)) {
  try {
    const { usage = null } = await calls[name]();
    process.stdout.write(`${JSON.stringify({ name, usage })}\n`);
  } catch (error) {
    const { status, message } = error;
    process.stdout.write(`${JSON.stringify({ name, status, message })}\n`);
  }
}

process.stdout.write("ready\n");
process.stdin.resume();
await once(process.stdin, "end");
