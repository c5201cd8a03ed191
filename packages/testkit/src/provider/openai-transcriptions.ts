import type { ApiCodec } from "./api-codec.ts";
import { openaiChat } from "./openai-chat.ts";
import type { Reply } from "./reply.ts";

/** OpenAI's transcriptions by models that are billed by token. Source: platform.openai.com/docs/api-reference/audio. */
export const openaiTranscriptions: ApiCodec = {
  ...openaiChat,
  api: "openai.transcriptions",
  takesForms: true,
  matches: (path) => path === "/v1/audio/transcriptions",
  readAsked: ({ bodyText }) => ({
    model: /name="model"\r\n\r\n([^\r]*)/.exec(bodyText)?.[1] ?? "unknown",
    streaming: false,
    outputLimitTokens: Infinity,
  }),
  check: () => undefined,
  json: (reply) =>
    JSON.stringify({ text: reply.text ?? "", ...(reply.usage && { usage: counts(reply.usage) }) }),
};

function counts({ inputTokens, outputTokens }: NonNullable<Reply["usage"]>): object {
  return {
    type: "tokens",
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    input_token_details: { text_tokens: 0, audio_tokens: inputTokens },
    output_tokens: outputTokens,
  };
}
