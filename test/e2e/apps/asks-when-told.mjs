/** An app that makes a call for each line of its input, and prints how it went. */
import { createInterface } from "node:readline";
import OpenAI from "openai";

const openai = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "user", content: "Hello." }];

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  try {
    await openai.chat.completions.create({ model: "gpt-4o-mini", max_tokens: 50, messages });
    process.stdout.write(`${line} passed\n`);
  } catch ({ status, message }) {
    process.stdout.write(`${line} ${status} ${message}\n`);
  }
}
