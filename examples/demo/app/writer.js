// Writes an article: an outline first, then the text, both streamed.
import OpenAI from "openai";
import { runJobs } from "./job-loop.js";

const client = new OpenAI();

async function outline(topic) {
  const stream = await client.responses.create({
    model: "gpt-5.4",
    max_output_tokens: 800,
    instructions: "Write outlines of three sections.",
    input: `Outline an article about ${topic}.`,
    stream: true,
  });
  let text = "";
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  return text;
}

async function write(topic, plan) {
  const stream = await client.chat.completions.create({
    model: "gpt-5.4",
    max_completion_tokens: 1200,
    messages: [
      { role: "system", content: "You write for people who read on the way to work." },
      { role: "user", content: `Write about ${topic}. The outline:\n${plan}` },
    ],
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  return text;
}

await runJobs(async ({ topic }) => write(topic, await outline(topic)));
