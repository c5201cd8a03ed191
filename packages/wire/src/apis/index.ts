import type { WireApi } from "../api.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { bedrockConverse, bedrockConverseStream } from "./bedrock-converse.ts";
import {
  bedrockInvokeEmbeddings,
  bedrockInvokeModel,
  bedrockInvokeModelStream,
} from "./bedrock-invoke-model.ts";
import { bedrockRerank } from "./bedrock-rerank.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiResponses } from "./openai-responses.ts";

/** Every API that is read, by how often it is met. */
export const APIS: readonly WireApi[] = [
  openAiChat,
  openAiResponses,
  anthropicMessages,
  bedrockConverse,
  bedrockConverseStream,
  bedrockInvokeEmbeddings,
  bedrockInvokeModel,
  bedrockInvokeModelStream,
  bedrockRerank,
];
