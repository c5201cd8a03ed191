import { expect, test } from "vitest";
import { readsAttribute } from "../../src/index.ts";

/** Content, of every sender. */
const CONTENT = [
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  "gen_ai.prompt",
  "gen_ai.completion",
  "gen_ai.prompt.0.content",
  "gen_ai.completion.0.content",
  "gen_ai.request.messages",
  "gen_ai.response.text",
  "gen_ai.response.tool_calls",
  "input.value",
  "output.value",
  "llm.invocation_parameters",
  "llm.input_messages.0.message.content",
  "llm.output_messages.0.message.content",
  "llm.prompts",
  "ai.prompt",
  "ai.prompt.messages",
  "ai.response.text",
  "ai.response.toolCalls",
  "ai.toolCall.args",
  "langfuse.observation.input",
  "langfuse.observation.output",
  "langfuse.observation.metadata",
  "traceloop.entity.input",
  "traceloop.entity.output",
  "exception.message",
  "exception.stacktrace",
  "prompt",
  "response_text",
  "tool_parameters",
];

test.each(CONTENT)("%s is not read", (name) => {
  expect(readsAttribute(name)).toBe(false);
});

test.each([
  "gen_ai.usage.input_tokens",
  "tollgate.task",
  "tollgate.tag.team",
  "service.name",
  "exception.type",
])("%s is read", (name) => {
  expect(readsAttribute(name)).toBe(true);
});
