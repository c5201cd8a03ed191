import { anthropicCalls } from "../anthropic-calls.mjs";
import { collectUntil } from "../describe.mjs";
import { INSTRUCTIONS, NO_PARAMETERS, QUESTION } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

export function scenarios([sdk], baseUrl) {
  const Anthropic = sdk.default ?? sdk.Anthropic;
  return {
    ...anthropicCalls(sdk, baseUrl),
    ...usualScenarios("usual messages", surface(Anthropic, baseUrl)),
  };
}

function surface(Anthropic, ownUrl) {
  const call = (scenario, stream, options) => {
    const client = new Anthropic({
      apiKey: "sk-test",
      baseURL: options.baseUrl ?? ownUrl,
      defaultHeaders: { "x-scenario": scenario },
      maxRetries: options.retries ?? 0,
      ...(options.timeoutMs && { timeout: options.timeoutMs }),
    });
    const body = {
      model: options.model ?? "claude-sonnet-4-5",
      max_tokens: options.limitTokens ?? 500,
      system: INSTRUCTIONS,
      messages: [{ role: "user", content: QUESTION }],
      ...(options.tools && { tools: [{ name: "weather", input_schema: NO_PARAMETERS }] }),
      ...(stream && { stream }),
    };
    return client.messages.create(body, options.signal && { signal: options.signal });
  };
  return {
    ask: (scenario, options) => call(scenario, false, options),
    stream: (scenario, options) => call(scenario, true, options),
    end: async (scenario) => {
      const stream = await call(scenario, true, {});
      return collectUntil(stream, () => stream.controller.abort());
    },
    refusedModel: "claude-3-5-haiku-latest",
  };
}
