import type { WireApi } from "../api.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiResponses } from "./openai-responses.ts";

/** Every API that is read, by how often it is met. */
export const APIS: readonly WireApi[] = [openAiChat, openAiResponses, anthropicMessages];
