import { INSTRUCTIONS, NO_PARAMETERS, QUESTION } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

const CHAT = [
  ["system", INSTRUCTIONS],
  ["user", QUESTION],
];
const WEATHER = { type: "function", function: { name: "weather", parameters: NO_PARAMETERS } };

export function scenarios([openai, anthropic], ownUrl) {
  const openaiModel = (extra) => (scenario, options) =>
    new openai.ChatOpenAI({
      apiKey: "test",
      model: options.model ?? "gpt-4o-mini",
      maxRetries: options.retries ?? 0,
      ...(options.limitTokens && { maxTokens: options.limitTokens }),
      ...(options.timeoutMs && { timeout: options.timeoutMs }),
      configuration: {
        baseURL: `${options.baseUrl ?? ownUrl}/v1`,
        defaultHeaders: { "x-scenario": scenario },
      },
      ...extra,
    });
  const anthropicModel = (scenario, options) =>
    new anthropic.ChatAnthropic({
      apiKey: "test",
      model: options.model ?? "claude-sonnet-4-5",
      maxRetries: options.retries ?? 0,
      maxTokens: options.limitTokens ?? 500,
      anthropicApiUrl: options.baseUrl ?? ownUrl,
      clientOptions: {
        defaultHeaders: { "x-scenario": scenario },
        ...(options.timeoutMs && { timeout: options.timeoutMs }),
      },
    });
  return {
    ...usualScenarios("openai chat", surface(openaiModel({}), "gpt-4.1-nano")),
    ...usualScenarios(
      "openai responses",
      surface(openaiModel({ useResponsesApi: true }), "gpt-4.1-nano"),
    ),
    ...usualScenarios("anthropic", surface(anthropicModel, "claude-3-5-haiku-latest")),
  };
}

function surface(createModel, refusedModel) {
  const model = (scenario, options) => {
    const plain = createModel(scenario, options);
    return options.tools ? plain.bindTools([WEATHER]) : plain;
  };
  return {
    ask: async (scenario, options) =>
      tell(await model(scenario, options).invoke(CHAT, settings(options))),
    stream: async (scenario, options) =>
      tellAll(await model(scenario, options).stream(CHAT, settings(options))),
    refusedModel,
    // Retries wait for a second and more, whatever the provider says.
    cannot: ["retries"],
  };
}

function tell({ content, tool_calls, usage_metadata, response_metadata }) {
  return { content, tool_calls, usage_metadata, response_metadata };
}

async function* tellAll(messages) {
  for await (const message of messages) yield tell(message);
}

const settings = ({ signal }) => (signal ? { signal } : {});
