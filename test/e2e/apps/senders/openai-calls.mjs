/** The same calls for every instrumentation of the OpenAI SDK: plain, streamed, embedded, refused. */
import { attempt } from "./capture.mjs";

const chat = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] };

export async function makeOpenAiCalls({ OpenAI }) {
  const client = new OpenAI({ maxRetries: 0 });
  await client.chat.completions.create(chat);
  const stream = await client.chat.completions.create({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) void chunk;
  await client.embeddings.create({ model: "text-embedding-3-small", input: "Hello" });
  await attempt(() => client.chat.completions.create(chat));
}
