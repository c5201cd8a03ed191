import type { ApiCodec } from "./api-codec.ts";
import { openaiChat } from "./openai-chat.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import type { Reply } from "./reply.ts";

const DIMENSIONS = 8;

/** OpenAI embeddings. Source: platform.openai.com/docs/api-reference/embeddings and recordings. */
export const openaiEmbeddings: ApiCodec = {
  ...openaiChat,
  api: "openai.embeddings",
  matches: (path) => path === "/v1/embeddings",
  json: (reply) =>
    `${JSON.stringify(
      {
        object: "list",
        data: inputs(reply.request).map((_, index) => ({
          object: "embedding",
          index,
          embedding: vector(reply, index),
        })),
        model: reply.model,
        ...(reply.usage && {
          usage: { prompt_tokens: reply.usage.inputTokens, total_tokens: reply.usage.inputTokens },
        }),
      },
      undefined,
      2,
    )}\n`,
};

/** One text, several texts, one list of tokens or several. */
function inputs({ body }: RecordedRequest): readonly unknown[] {
  const { input } = body;
  return Array.isArray(input) && typeof input[0] !== "number" ? input : [input];
}

function vector({ request }: Reply, index: number): string | number[] {
  const numbers = Float32Array.from({ length: DIMENSIONS }, (_, at) => (index + at) / 64);
  if (request.body["encoding_format"] !== "base64") return [...numbers];
  return Buffer.from(numbers.buffer).toString("base64");
}
