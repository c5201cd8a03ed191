import { describeError } from "../describe.mjs";
import { INSTRUCTIONS, NO_PARAMETERS, QUESTION } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

globalThis.AI_SDK_LOG_WARNINGS = false;

export function scenarios([ai, openai, anthropic, google, bedrock], baseUrl) {
  const openaiAt = (url) => openai.createOpenAI({ apiKey: "test", baseURL: `${url}/v1` });
  const anthropicAt = (url) => anthropic.createAnthropic({ apiKey: "test", baseURL: `${url}/v1` });
  const googleAt = (url) =>
    google.createGoogleGenerativeAI({ apiKey: "test", baseURL: `${url}/v1beta` });
  const bedrockAt = (url) =>
    bedrock.createAmazonBedrock({ region: "us-east-1", apiKey: "test", baseURL: url });
  const surface = (modelAt, usualModel, refusedModel) =>
    createSurface(ai, refusedModel, (options) =>
      modelAt(options.baseUrl ?? baseUrl, options.model ?? usualModel),
    );
  const embedder = openaiAt(baseUrl).textEmbeddingModel?.("text-embedding-3-small");
  return {
    ...usualScenarios(
      "openai responses",
      surface((url, model) => openaiAt(url)(model), "gpt-5-mini", "gpt-4.1-nano"),
    ),
    ...usualScenarios(
      "openai chat",
      surface((url, model) => openaiAt(url).chat(model), "gpt-4o-mini", "gpt-4.1-nano"),
    ),
    ...usualScenarios(
      "anthropic",
      surface(
        (url, model) => anthropicAt(url)(model),
        "claude-sonnet-4-5",
        "claude-3-5-haiku-latest",
      ),
    ),
    ...usualScenarios(
      "google",
      surface((url, model) => googleAt(url)(model), "gemini-2.5-flash", "gemini-2.0-flash-lite"),
    ),
    ...usualScenarios(
      "bedrock",
      surface(
        (url, model) => bedrockAt(url)(model),
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic.claude-3-5-haiku-20241022-v1:0",
      ),
    ),
    "embed one json": async (n) => {
      const headers = { "x-scenario": n };
      const { embedding, usage } = await ai.embed({ model: embedder, value: "one", headers });
      return { embedding, usage };
    },
    "embed many json": async (n) => {
      const headers = { "x-scenario": n };
      const values = ["one", "two", "three"];
      const { embeddings, usage } = await ai.embedMany({ model: embedder, values, headers });
      return { embeddings, usage };
    },
  };
}

function createSurface(ai, refusedModel, modelFor) {
  const weather = ai.tool({
    description: "The weather.",
    inputSchema: ai.jsonSchema(NO_PARAMETERS),
  });
  const asked = (scenario, options) => ({
    model: modelFor(options),
    [ai.stepCountIs && !ai.isStepCount ? "system" : "instructions"]: INSTRUCTIONS,
    prompt: QUESTION,
    headers: { "x-scenario": scenario },
    maxRetries: options.retries ?? 0,
    ...(options.tools && { tools: { weather } }),
    ...(options.limitTokens && { maxOutputTokens: options.limitTokens }),
    ...(options.signal && { abortSignal: options.signal }),
  });
  return {
    ask: async (scenario, options) => {
      const result = await ai.generateText(asked(scenario, options));
      const { text, content, reasoningText, finishReason, toolCalls, usage, warnings } = result;
      return { text, content, reasoningText, finishReason, toolCalls, usage, warnings };
    },
    stream: (scenario, options) => {
      const result = ai.streamText({ ...asked(scenario, options), onError: () => undefined });
      return parts(result.fullStream ?? result.stream);
    },
    refusedModel,
    cannot: ["timeoutMs"],
  };
}

/** An error is a part like any other, and the stream ends in peace. */
async function* parts(stream) {
  for await (const part of stream) {
    const { request: _request, response: _response, performance: _speed, ...rest } = part;
    yield part.type === "error" ? { ...rest, error: describeError(part.error) } : rest;
  }
}
