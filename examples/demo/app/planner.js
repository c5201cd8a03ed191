// Plans an article: asks a model, which looks things up in the archive until it has a plan.
import OpenAI from "openai";
import { runJobs } from "./job-loop.js";

const MAX_TURNS = 4;
const client = new OpenAI();

const tools = [
  {
    type: "function",
    function: {
      name: "search_archive",
      description: "Titles of earlier articles on a topic",
      parameters: {
        type: "object",
        properties: { topic: { type: "string" } },
        required: ["topic"],
      },
    },
  },
];

function searchArchive({ topic }) {
  return JSON.stringify([`A short history of ${topic}`, `What ${topic} cost, and whom`]);
}

await runJobs(async ({ topic }) => {
  const messages = [
    { role: "system", content: "You plan articles. Look at the archive before you plan." },
    { role: "user", content: `Plan an article about ${topic}.` },
  ];
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    // oxlint-disable-next-line no-await-in-loop -- a conversation goes turn by turn
    const completion = await client.chat.completions.create({
      model: "gpt-5-mini",
      max_completion_tokens: 2000,
      messages,
      tools,
    });
    const { message } = completion.choices[0];
    if (!message.tool_calls?.length) return message.content;
    messages.push(message);
    for (const call of message.tool_calls) {
      const content = searchArchive(JSON.parse(call.function.arguments));
      messages.push({ role: "tool", tool_call_id: call.id, content });
    }
  }
  throw new Error(`no plan after ${MAX_TURNS} turns`);
});
