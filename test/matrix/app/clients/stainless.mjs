import { CHAT_TOOLS, MESSAGES } from "../prompts.mjs";

/**
 * Chat completions through one of the clients that are generated from OpenAI's mould: openai itself,
 * groq-sdk, together-ai.
 */
export function chatSurface(Client, { baseUrlOf, model, refusedModel, streamOptions = {} }) {
  const call = (scenario, stream, options) => {
    const client = new Client({
      apiKey: "sk-test",
      baseURL: baseUrlOf(options.baseUrl),
      defaultHeaders: { "x-scenario": scenario },
      maxRetries: options.retries ?? 0,
      ...(options.timeoutMs && { timeout: options.timeoutMs }),
    });
    const body = {
      model: options.model ?? model,
      messages: MESSAGES,
      ...(options.tools && { tools: CHAT_TOOLS }),
      ...(options.limitTokens && { max_tokens: options.limitTokens }),
      ...(stream && { stream, ...streamOptions }),
    };
    return client.chat.completions.create(body, options.signal && { signal: options.signal });
  };
  return {
    ask: (scenario, options) => call(scenario, false, options),
    stream: (scenario, options) => call(scenario, true, options),
    refusedModel,
  };
}
