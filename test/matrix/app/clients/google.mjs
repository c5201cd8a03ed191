import { INSTRUCTIONS, NO_PARAMETERS, QUESTION } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

const WEATHER = { name: "weather", description: "The weather." };

export function scenarios([sdk], baseUrl) {
  return {
    ...usualScenarios("models", modelsSurface(sdk, baseUrl)),
    ...usualScenarios("interactions", interactionsSurface(sdk, baseUrl)),
    "chat session": async (n) => {
      const session = client(sdk, n, baseUrl).chats.create({ model: "gemini-2.5-flash" });
      const first = await session.sendMessage({ message: QUESTION });
      const second = await session.sendMessage({ message: "And now?" });
      return { first: first.text, second: second.text, history: session.getHistory() };
    },
  };
}

function client(sdk, scenario, baseUrl, options = {}) {
  return new sdk.GoogleGenAI({
    apiKey: "test",
    httpOptions: {
      baseUrl: options.baseUrl ?? baseUrl,
      headers: { "x-scenario": scenario },
      retryOptions: { attempts: 1 + (options.retries ?? 0), initialDelay: 0.01, maxDelay: 0.01 },
      ...(options.timeoutMs && { timeout: options.timeoutMs }),
    },
  });
}

function modelsSurface(sdk, baseUrl) {
  return {
    ask: async (n, options) =>
      tell(await client(sdk, n, baseUrl, options).models.generateContent(asked(options))),
    stream: async (n, options) =>
      tellAll(await client(sdk, n, baseUrl, options).models.generateContentStream(asked(options))),
    refusedModel: "gemini-2.0-flash-lite",
    // Whether the SDK sees one depends on where the network cuts the bytes.
    cannot: ["errorEvent"],
  };
}

const asked = (options) => ({
  model: options.model ?? "gemini-2.5-flash",
  contents: QUESTION,
  config: {
    systemInstruction: INSTRUCTIONS,
    ...(options.tools && { tools: [{ functionDeclarations: [WEATHER] }] }),
    ...(options.limitTokens && { maxOutputTokens: options.limitTokens }),
    ...(options.signal && { abortSignal: options.signal }),
  },
});

/** The headers have dates in them. */
function tell({ sdkHttpResponse, ...answer }) {
  return { ...answer, hasHttpResponse: sdkHttpResponse !== undefined };
}

async function* tellAll(answers) {
  for await (const answer of answers) yield tell(answer);
}

function interactionsSurface(sdk, baseUrl) {
  const call = (n, stream, options) =>
    client(sdk, n, baseUrl, options).interactions.create(
      {
        model: options.model ?? "gemini-2.5-flash",
        system_instruction: INSTRUCTIONS,
        input: QUESTION,
        ...(options.tools && {
          tools: [{ type: "function", ...WEATHER, parameters: NO_PARAMETERS }],
        }),
        ...(options.limitTokens && {
          generation_config: { max_output_tokens: options.limitTokens },
        }),
        ...(stream && { stream }),
      },
      {
        headers: { "x-scenario": n },
        maxRetries: options.retries ?? 0,
        ...(options.timeoutMs && { timeout: options.timeoutMs }),
        ...(options.signal && { fetchOptions: { signal: options.signal } }),
      },
    );
  return {
    ask: (n, options) => call(n, false, options),
    stream: (n, options) => call(n, true, options),
    refusedModel: "gemini-2.0-flash-lite",
  };
}
