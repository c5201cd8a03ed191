import { INSTRUCTIONS, QUESTION } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

/** An agent in a graph: a model, a tool, and the model again. */
export function scenarios([prebuilt, openai, tools], ownUrl) {
  const agent = (scenario, options) =>
    prebuilt.createReactAgent({
      llm: new openai.ChatOpenAI({
        apiKey: "test",
        model: options.model ?? "gpt-4o-mini",
        maxRetries: 0,
        ...(options.limitTokens && { maxTokens: options.limitTokens }),
        ...(options.timeoutMs && { timeout: options.timeoutMs }),
        configuration: {
          baseURL: `${options.baseUrl ?? ownUrl}/v1`,
          defaultHeaders: { "x-scenario": scenario },
        },
      }),
      tools: options.tools ? [weather(tools)] : [],
      prompt: INSTRUCTIONS,
    });
  const input = { messages: [["user", QUESTION]] };
  return usualScenarios("agent", {
    ask: async (scenario, options) => {
      const { messages } = await agent(scenario, options).invoke(input, settings(options));
      return messages.map(tell);
    },
    stream: async (scenario, options) =>
      tellAll(
        await agent(scenario, options).stream(input, {
          ...settings(options),
          streamMode: "messages",
        }),
      ),
    refusedModel: "gpt-4.1-nano",
    // Retries wait for a second and more, whatever the provider says.
    cannot: ["retries"],
  });
}

function weather({ tool }) {
  return tool(() => "sunny", {
    name: "weather",
    description: "The weather.",
    schema: { type: "object", properties: {} },
  });
}

function tell({ content, tool_calls, usage_metadata, response_metadata }) {
  return { content, tool_calls, usage_metadata, response_metadata };
}

async function* tellAll(pairs) {
  for await (const [message, { langgraph_node: node }] of pairs) yield { ...tell(message), node };
}

const settings = ({ signal }) => (signal ? { signal } : {});
