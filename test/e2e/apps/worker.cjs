/** The CommonJS twin of worker.mjs, as far as a chat completion and a message go. */
const { once } = require("node:events");
const Anthropic = require("@anthropic-ai/sdk");
const OpenAI = require("openai");

const messages = [{ role: "user", content: "Hello." }];

async function main() {
  const openai = new OpenAI({ maxRetries: 0 });
  const anthropic = new Anthropic({ maxRetries: 0 });
  await openai.chat.completions.create({ model: "gpt-4o-mini", max_tokens: 50, messages });
  await anthropic.messages.create({ model: "claude-sonnet-4-5", max_tokens: 50, messages });
  process.stdout.write("ready\n");
  process.stdin.resume();
  await once(process.stdin, "end");
}

void main();
