import type { WireApi } from "../api.ts";
import { alephAlphaComplete } from "./aleph-alpha.ts";
import { anthropicCountTokens } from "./anthropic-count-tokens.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { cohereChat } from "./cohere-chat.ts";
import { cohereEmbed, cohereRerank } from "./cohere-retrieval.ts";
import { cohereChatV1, cohereGenerate } from "./cohere-v1.ts";
import { geminiCountTokens, vertexCountTokens } from "./google-count-tokens.ts";
import {
  geminiEmbeddings,
  vertexEmbeddings,
  vertexPredictEmbeddings,
} from "./google-embeddings.ts";
import {
  geminiGenerateContent,
  geminiStreamGenerateContent,
  vertexGenerateContent,
  vertexStreamGenerateContent,
} from "./google-generate-content.ts";
import { googleInteractions } from "./google-interactions.ts";
import {
  mistralAgents,
  mistralChat,
  mistralEmbeddings,
  mistralFim,
  mistralModerations,
} from "./mistral.ts";
import { ollamaChat, ollamaEmbeddings, ollamaGenerate } from "./ollama.ts";
import { bedrockConverse, bedrockConverseStream } from "./bedrock-converse.ts";
import {
  bedrockInvokeEmbeddings,
  bedrockInvokeModel,
  bedrockInvokeModelStream,
} from "./bedrock-invoke-model.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiCompletions } from "./openai-completions.ts";
import { openAiEmbeddings } from "./openai-embeddings.ts";
import { openAiImages } from "./openai-images.ts";
import { openAiModerations } from "./openai-moderations.ts";
import { openAiResponses } from "./openai-responses.ts";
import { openAiResponsesCompact } from "./openai-responses-compact.ts";
import { openAiSpeech } from "./openai-speech.ts";
import { openAiTranscriptions } from "./openai-transcriptions.ts";
import { rerank } from "./rerank.ts";
import { jinaEmbeddings, jinaRerank, voyageEmbeddings, voyageRerank } from "./retrieval.ts";
import {
  vertexAnthropicCountTokens,
  vertexAnthropicMessages,
  vertexMistralChat,
} from "./vertex-partners.ts";
import { watsonxGenerate } from "./watsonx.ts";

/** Every API that is read, by how often it is met; of two that a path fits, the first. */
export const APIS: readonly WireApi[] = [
  openAiChat,
  openAiResponses,
  anthropicMessages,
  geminiGenerateContent,
  geminiStreamGenerateContent,
  vertexGenerateContent,
  vertexStreamGenerateContent,
  vertexAnthropicCountTokens,
  vertexAnthropicMessages,
  vertexMistralChat,
  googleInteractions,
  geminiEmbeddings,
  vertexEmbeddings,
  vertexPredictEmbeddings,
  anthropicCountTokens,
  geminiCountTokens,
  vertexCountTokens,
  mistralAgents,
  mistralFim,
  ollamaChat,
  ollamaGenerate,
  ollamaEmbeddings,
  cohereChat,
  cohereChatV1,
  cohereGenerate,
  cohereEmbed,
  watsonxGenerate,
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

export interface VendorPath {
  readonly host: string;
  readonly path: string;
  readonly api: WireApi;
}

/** Paths that mean an API at one vendor only, or another one there than elsewhere. */
export const VENDOR_PATHS: readonly VendorPath[] = [
  { host: "api.mistral.ai", path: "/v1/chat/completions", api: mistralChat },
  { host: "api.mistral.ai", path: "/v1/embeddings", api: mistralEmbeddings },
  { host: "api.mistral.ai", path: "/v1/moderations", api: mistralModerations },
  { host: "api.mistral.ai", path: "/v1/chat/moderations", api: mistralModerations },
  { host: "api.mistral.ai", path: "/v1/classifications", api: mistralModerations },
  { host: "api.mistral.ai", path: "/v1/chat/classifications", api: mistralModerations },
  { host: "api.cohere.com", path: "/v1/rerank", api: cohereRerank },
  { host: "api.cohere.com", path: "/v2/rerank", api: cohereRerank },
  { host: "api.cohere.ai", path: "/v1/rerank", api: cohereRerank },
  { host: "api.cohere.ai", path: "/v2/rerank", api: cohereRerank },
  { host: "api.voyageai.com", path: "/v1/embeddings", api: voyageEmbeddings },
  { host: "api.voyageai.com", path: "/v1/multimodalembeddings", api: voyageEmbeddings },
  { host: "api.voyageai.com", path: "/v1/rerank", api: voyageRerank },
  { host: "api.jina.ai", path: "/v1/embeddings", api: jinaEmbeddings },
  { host: "api.jina.ai", path: "/v1/rerank", api: jinaRerank },
  { host: "api.aleph-alpha.com", path: "/complete", api: alephAlphaComplete },
  { host: "api.writer.com", path: "/v1/chat", api: openAiChat },
];
