import { CHAT_TOOLS, MESSAGES } from "./prompts.mjs";

class HttpError extends Error {
  constructor(status, body) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** No client at all, only some fetch: JSON as it is, a stream as its lines. */
export function rawChat(fetch, ownUrl, texts, cannot = []) {
  const call = async (scenario, stream, options) => {
    const timeout = options.timeoutMs && AbortSignal.timeout(options.timeoutMs);
    const response = await fetch(`${options.baseUrl ?? ownUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-scenario": scenario },
      body: JSON.stringify({
        model: options.model ?? "gpt-4o-mini",
        messages: MESSAGES,
        ...(options.tools && { tools: CHAT_TOOLS }),
        ...(options.limitTokens && { max_tokens: options.limitTokens }),
        ...(stream && { stream, stream_options: { include_usage: true } }),
      }),
      signal: options.signal ?? timeout ?? null,
    });
    if (!response.ok) throw new HttpError(response.status, await response.text());
    return response;
  };
  return {
    ask: async (scenario, options) => (await call(scenario, false, options)).json(),
    stream: async (scenario, options) => lines(texts((await call(scenario, true, options)).body)),
    refusedModel: "gpt-4.1-nano",
    cannot: ["retries", ...cannot],
  };
}

async function* lines(texts) {
  let rest = "";
  for await (const text of texts) {
    const parts = (rest + text).split("\n");
    rest = parts.pop();
    yield* parts;
  }
  if (rest !== "") yield rest;
}
