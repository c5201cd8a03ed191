import { openaiCalls } from "../openai-calls.mjs";
import { openaiExtras } from "../openai-extras.mjs";
import { INSTRUCTIONS, NO_PARAMETERS, QUESTION } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";
import { chatSurface } from "./stainless.mjs";

export function scenarios([sdk], baseUrl) {
  const OpenAI = sdk.default ?? sdk.OpenAI;
  return {
    ...openaiCalls(sdk, baseUrl),
    ...openaiExtras(sdk, baseUrl),
    ...usualScenarios(
      "usual chat",
      chatSurface(OpenAI, {
        baseUrlOf: (url = baseUrl) => `${url}/v1`,
        model: "gpt-4o-mini",
        refusedModel: "gpt-4.1-nano",
        streamOptions: { stream_options: { include_usage: true } },
      }),
    ),
    ...usualScenarios("usual responses", responsesSurface(OpenAI, baseUrl)),
    "embeddings json": (n) => embed(OpenAI, baseUrl, n, "one text"),
    "embeddings several json": (n) => embed(OpenAI, baseUrl, n, ["one", "two", "three"]),
  };
}

function responsesSurface(OpenAI, ownUrl) {
  const call = (scenario, stream, options) => {
    const client = new OpenAI({
      apiKey: "sk-test",
      baseURL: `${options.baseUrl ?? ownUrl}/v1`,
      defaultHeaders: { "x-scenario": scenario },
      maxRetries: options.retries ?? 0,
      ...(options.timeoutMs && { timeout: options.timeoutMs }),
    });
    const tool = { type: "function", name: "weather", parameters: NO_PARAMETERS, strict: false };
    const body = {
      model: options.model ?? "gpt-5-mini",
      instructions: INSTRUCTIONS,
      input: QUESTION,
      ...(options.tools && { tools: [tool] }),
      ...(options.limitTokens && { max_output_tokens: options.limitTokens }),
      ...(stream && { stream }),
    };
    return client.responses.create(body, options.signal && { signal: options.signal });
  };
  return {
    ask: (scenario, options) => call(scenario, false, options),
    stream: (scenario, options) => call(scenario, true, options),
    refusedModel: "gpt-4.1-nano",
  };
}

/** Answers come as base64 and are floats to the app. */
function embed(OpenAI, baseUrl, scenario, input) {
  const client = new OpenAI({
    apiKey: "sk-test",
    baseURL: `${baseUrl}/v1`,
    defaultHeaders: { "x-scenario": scenario },
  });
  return client.embeddings.create({ model: "text-embedding-3-small", input });
}
