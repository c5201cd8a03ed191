import { INSTRUCTIONS, NO_PARAMETERS, QUESTION } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

export function scenarios([agents, { default: OpenAI }], ownUrl) {
  agents.setTracingDisabled(true);
  return {
    ...usualScenarios("responses", surface(agents, OpenAI, ownUrl, true)),
    ...usualScenarios("chat", surface(agents, OpenAI, ownUrl, false)),
  };
}

function surface(agents, OpenAI, ownUrl, useResponses) {
  const run = (scenario, options, stream) => {
    const openAIClient = new OpenAI({
      apiKey: "test",
      baseURL: `${options.baseUrl ?? ownUrl}/v1`,
      defaultHeaders: { "x-scenario": scenario },
      maxRetries: options.retries ?? 0,
      ...(options.timeoutMs && { timeout: options.timeoutMs }),
    });
    const modelProvider = new agents.OpenAIProvider({ openAIClient, useResponses });
    const agent = new agents.Agent({
      name: "Assistant",
      instructions: INSTRUCTIONS,
      model: options.model ?? "gpt-5-mini",
      modelSettings: options.limitTokens ? { maxTokens: options.limitTokens } : {},
      tools: options.tools ? [weather(agents)] : [],
    });
    const runner = new agents.Runner({ modelProvider, tracingDisabled: true });
    return runner.run(agent, QUESTION, {
      ...(stream && { stream }),
      ...(options.signal && { signal: options.signal }),
    });
  };
  return {
    ask: async (scenario, options) => {
      const result = await run(scenario, options, false);
      return {
        finalOutput: result.finalOutput,
        output: result.output,
        usage: result.rawResponses.map(({ usage }) => usage),
      };
    },
    stream: async (scenario, options) => events(await run(scenario, options, true)),
    refusedModel: "gpt-4.1-nano",
  };
}

function weather({ tool }) {
  return tool({
    name: "weather",
    description: "The weather.",
    parameters: { ...NO_PARAMETERS, required: [], additionalProperties: true },
    strict: false,
    execute: () => "sunny",
  });
}

async function* events(result) {
  for await (const { type, name, data, item } of result) {
    yield { type, name, data, item: item?.rawItem };
  }
  await result.completed;
  yield { type: "completed", finalOutput: result.finalOutput };
}
