import { isJsonObject } from "../json/read.ts";
import { messagesContent } from "./anthropic-messages.ts";
import { converseContent } from "./bedrock-converse.ts";
import { invokeContent } from "./bedrock-invoke-model.ts";
import { cohereContent } from "./cohere-chat.ts";
import { answerMessages, createAnswerContent } from "./answer-content.ts";
import type { ContentApi, ContentStream, ContentStreamOptions } from "./content-api.ts";
import { createContentStream } from "./content-stream.ts";
import { generateContent } from "./google-generate-content.ts";
import type { ContentMessage, RequestContent } from "./message.ts";
import { ollamaContent } from "./ollama.ts";
import { chatContent } from "./openai-chat.ts";
import { completionsContent } from "./openai-completions.ts";
import { responsesContent } from "./openai-responses.ts";

/** By the name of the API. */
const CONTENT_APIS: ReadonlyMap<string, ContentApi> = new Map([
  ["openai.chat", chatContent],
  ["mistral.agents", chatContent],
  ["openai.completions", completionsContent],
  ["mistral.fim", { ...chatContent, readRequest: completionsContent.readRequest }],
  ["openai.responses", responsesContent],
  ["anthropic.messages", messagesContent],
  ["google.generate_content", generateContent],
  ["bedrock.converse", converseContent],
  ["bedrock.converse_stream", converseContent],
  ["bedrock.invoke_model", invokeContent],
  ["bedrock.invoke_model_with_response_stream", invokeContent],
  ["cohere.chat", cohereContent],
  ["ollama.chat", ollamaContent],
  ["ollama.generate", ollamaContent],
]);

/** Reads what calls of one API say. Nothing here throws on foreign data. */
export interface ContentReader {
  /** @param body - JSON text. @returns `undefined` when it is no JSON object. */
  readRequest(body: string): RequestContent | undefined;
  /** Reads a whole answer that was parsed from JSON; of nonsense there is nothing. */
  readAnswer(value: unknown): readonly ContentMessage[];
  /** Puts a streamed answer together. */
  createStream(options: ContentStreamOptions): ContentStream;
}

/**
 * How to read prompts and answers of an API.
 *
 * @param apiId - a {@link WireApi}'s.
 * @returns `undefined` for APIs whose content is not read.
 */
export function contentReader(apiId: string): ContentReader | undefined {
  const api = CONTENT_APIS.get(apiId);
  if (api === undefined) return undefined;
  return {
    readRequest(body) {
      const value = parse(body);
      return isJsonObject(value) ? api.readRequest(value) : undefined;
    },
    // A client that asked for a stream may collect its array and parse it at once.
    readAnswer: (value) =>
      Array.isArray(value)
        ? readCollected(api, value)
        : isJsonObject(value)
          ? api.readAnswer(value)
          : [],
    createStream: (options) => createContentStream(api, options),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function readCollected(api: ContentApi, events: readonly unknown[]): readonly ContentMessage[] {
  const content = createAnswerContent(Number.MAX_SAFE_INTEGER);
  for (const event of events) if (isJsonObject(event)) api.readEvent(content, event, undefined);
  return answerMessages(content);
}
