import { CHAT_TOOLS, MESSAGES } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

export function scenarios([{ OpenAI }], ownUrl) {
  const call = (scenario, stream, { baseUrl = ownUrl, ...options }) => {
    const llm = new OpenAI({
      apiKey: "test",
      baseURL: `${baseUrl}/v1`,
      model: options.model ?? "gpt-4o-mini",
      maxRetries: options.retries ?? 0,
      ...(options.limitTokens && { maxTokens: options.limitTokens }),
      ...(options.timeoutMs && { timeout: options.timeoutMs }),
      additionalSessionOptions: { defaultHeaders: { "x-scenario": scenario } },
    });
    return llm.chat({ messages: MESSAGES, stream, ...(options.tools && { tools: [WEATHER] }) });
  };
  return usualScenarios("chat", {
    ask: (scenario, options) => call(scenario, false, options),
    stream: (scenario, options) => call(scenario, true, options),
    refusedModel: "gpt-4.1-nano",
    cannot: ["signal"],
  });
}

const { name, description, parameters } = CHAT_TOOLS[0].function;
const WEATHER = { metadata: { name, description, parameters }, call: () => "sunny" };
