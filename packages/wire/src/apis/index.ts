import type { WireApi } from "../api.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { bedrockConverse, bedrockConverseStream } from "./bedrock-converse.ts";
import {
  bedrockInvokeEmbeddings,
  bedrockInvokeModel,
  bedrockInvokeModelStream,
} from "./bedrock-invoke-model.ts";
import { openAiTranscriptions } from "./openai-transcriptions.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiCompletions } from "./openai-completions.ts";
import { openAiEmbeddings } from "./openai-embeddings.ts";
import { openAiImages } from "./openai-images.ts";
import { openAiModerations } from "./openai-moderations.ts";
import { openAiResponses } from "./openai-responses.ts";
import { openAiResponsesCompact } from "./openai-responses-compact.ts";
import { openAiSpeech } from "./openai-speech.ts";
import { rerank } from "./rerank.ts";

/** Every API that is read, by how often it is met. */
export const APIS: readonly WireApi[] = [
  openAiChat,
  openAiResponses,
  anthropicMessages,
  openAiEmbeddings,
  openAiCompletions,
  openAiImages,
  openAiSpeech,
  openAiTranscriptions,
  openAiModerations,
  openAiResponsesCompact,
  rerank,
  bedrockConverse,
  bedrockConverseStream,
  bedrockInvokeEmbeddings,
  bedrockInvokeModel,
  bedrockInvokeModelStream,
];

/** Paths that mean an API at one vendor only. */
export const VENDOR_PATHS: readonly {
  readonly host: string;
  readonly path: string;
  readonly api: WireApi;
}[] = [{ host: "api.writer.com", path: "/v1/chat", api: openAiChat }];
