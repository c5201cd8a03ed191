import { CHAT_TOOLS, MESSAGES } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

export function scenarios([{ CohereClientV2 }], ownUrl) {
  const prepare = (scenario, { baseUrl = ownUrl, ...options }) => ({
    client: new CohereClientV2({ token: "test", environment: baseUrl }),
    request: {
      model: options.model ?? "command-a-03-2025",
      messages: MESSAGES,
      ...(options.tools && { tools: CHAT_TOOLS }),
      ...(options.limitTokens && { maxTokens: options.limitTokens }),
    },
    settings: {
      headers: { "x-scenario": scenario },
      maxRetries: options.retries ?? 0,
      ...(options.timeoutMs && { timeoutInSeconds: options.timeoutMs / 1_000 }),
      ...(options.signal && { abortSignal: options.signal }),
    },
  });
  return usualScenarios("chat", {
    ask: (scenario, options) => {
      const { client, request, settings } = prepare(scenario, options);
      return client.chat(request, settings);
    },
    stream: (scenario, options) => {
      const { client, request, settings } = prepare(scenario, options);
      return client.chatStream(request, settings);
    },
    refusedModel: "command-r7b-12-2024",
  });
}
