import { collectUntil } from "../describe.mjs";
import { CHAT_TOOLS, MESSAGES } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

export function scenarios([{ Ollama }], ownUrl) {
  const call = (scenario, stream, { baseUrl = ownUrl, ...options }) =>
    new Ollama({ host: baseUrl, headers: { "x-scenario": scenario } }).chat({
      model: options.model ?? "llama3.3",
      messages: MESSAGES,
      ...(options.tools && { tools: CHAT_TOOLS }),
      ...(options.limitTokens && { options: { num_predict: options.limitTokens } }),
      stream,
    });
  return usualScenarios("chat", {
    ask: (scenario, options) => call(scenario, false, options),
    stream: (scenario, options) => call(scenario, true, options),
    end: async (scenario) => {
      const stream = await call(scenario, true, {});
      return collectUntil(stream, () => stream.abort());
    },
    refusedModel: "llama3.2:1b",
    cannot: ["signal", "timeoutMs", "retries"],
  });
}
