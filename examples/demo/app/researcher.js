// Researches a topic: a streaming conversation in which the model reads sources through a tool.
import Anthropic from "@anthropic-ai/sdk";
import { runJobs } from "./job-loop.js";

const MAX_TURNS = 4;
const client = new Anthropic();

const tools = [
  {
    name: "read_source",
    description: "The text of a source",
    input_schema: {
      type: "object",
      properties: { title: { type: "string" } },
      required: ["title"],
    },
  },
];

function readSource({ title }) {
  return `${title}: first chapter. Those who passed had to pay, and everyone passed.`;
}

await runJobs(async ({ topic }) => {
  const messages = [{ role: "user", content: `Collect five facts about ${topic}.` }];
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const stream = client.messages.stream({
      model: "claude-haiku-4-5",
      max_tokens: 1500,
      system: "You are a careful researcher. Read a source before you state a fact.",
      messages,
      tools,
    });
    // oxlint-disable-next-line no-await-in-loop -- a conversation goes turn by turn
    const message = await stream.finalMessage();
    const calls = message.content.filter((block) => block.type === "tool_use");
    if (calls.length === 0) return message.content.map((block) => block.text ?? "").join("");
    messages.push({ role: "assistant", content: message.content });
    messages.push({
      role: "user",
      content: calls.map((call) => ({
        type: "tool_result",
        tool_use_id: call.id,
        content: readSource(call.input),
      })),
    });
  }
  throw new Error(`no facts after ${MAX_TURNS} turns`);
});
