import { CHAT_TOOLS, MESSAGES } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

const RETRY_SOON = {
  strategy: "backoff",
  backoff: { initialInterval: 5, maxInterval: 5, exponent: 1, maxElapsedTime: 60_000 },
  retryConnectionErrors: false,
};

export function scenarios([{ Mistral }], ownUrl) {
  const prepare = (scenario, { baseUrl = ownUrl, ...options }) => ({
    client: new Mistral({ apiKey: "test", serverURL: `${baseUrl}/mistral` }),
    request: {
      model: options.model ?? "mistral-large-latest",
      messages: MESSAGES,
      ...(options.tools && { tools: CHAT_TOOLS }),
      ...(options.limitTokens && { maxTokens: options.limitTokens }),
    },
    settings: {
      headers: { "x-scenario": scenario },
      ...(options.timeoutMs && { timeoutMs: options.timeoutMs }),
      ...(options.signal && { signal: options.signal }),
      retries: options.retries ? RETRY_SOON : { strategy: "none" },
    },
  });
  return usualScenarios("chat", {
    ask: (scenario, options) => {
      const { client, request, settings } = prepare(scenario, options);
      return client.chat.complete(request, settings);
    },
    stream: (scenario, options) => {
      const { client, request, settings } = prepare(scenario, options);
      return client.chat.stream(request, settings);
    },
    refusedModel: "ministral-3b-latest",
  });
}
