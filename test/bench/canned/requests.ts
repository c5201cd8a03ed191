import type { OpenAI } from "openai";

export const CHAT_URL = "https://api.openai.com/v1/chat/completions";

interface ChatRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly messages: OpenAI.ChatCompletionMessageParam[];
}

export const CHAT_REQUEST: ChatRequest = {
  model: "gpt-4o-mini",
  max_tokens: 200,
  messages: [{ role: "user", content: "Say something about a fox." }],
};

/** Streams a chat to its end. */
export async function readStream(
  client: OpenAI,
  options: { readonly includeUsage: boolean },
): Promise<unknown> {
  const answer = await client.chat.completions.create({
    ...CHAT_REQUEST,
    max_tokens: 1_000,
    stream: true,
    ...(options.includeUsage && { stream_options: { include_usage: true } }),
  });
  let last: unknown;
  for await (const chunk of answer) last = chunk;
  return last;
}
