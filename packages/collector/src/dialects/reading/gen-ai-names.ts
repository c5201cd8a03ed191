import * as foreign from "@tollgate/core/semconv/foreign";
import * as names from "@tollgate/core/semconv";
import type { FactNames } from "./facts.ts";

/** What a call is, in every version of the conventions. */
const CALL: FactNames = {
  operation: [names.ATTR_OPERATION_NAME],
  requestModel: [names.ATTR_REQUEST_MODEL],
  responseModel: [names.ATTR_RESPONSE_MODEL],
  responseId: [names.ATTR_RESPONSE_ID],
  errorType: [names.ATTR_ERROR_TYPE],
  finishReasons: [names.ATTR_RESPONSE_FINISH_REASONS],
  agent: [names.ATTR_AGENT_NAME],
  session: [names.ATTR_CONVERSATION_ID],
};

/** open-telemetry/semantic-conventions-genai, and what 1.37 to 1.41 called two of the counts. */
export const CURRENT_NAMES: FactNames = {
  ...CALL,
  provider: [names.ATTR_PROVIDER_NAME],
  inputTokens: [names.ATTR_USAGE_INPUT_TOKENS],
  outputTokens: [names.ATTR_USAGE_OUTPUT_TOKENS],
  cacheReadTokens: [names.ATTR_USAGE_CACHE_READ_INPUT_TOKENS],
  cacheWriteTokens: [
    names.ATTR_USAGE_CACHE_WRITE_INPUT_TOKENS,
    foreign.ATTR_USAGE_CACHE_CREATION_INPUT_TOKENS,
  ],
  reasoningTokens: [
    names.ATTR_USAGE_REASONING_OUTPUT_TOKENS,
    foreign.ATTR_USAGE_REASONING_TOKENS,
    // AI SDK 7, where its `usage` option is on.
    "ai.usage.outputTokenDetails.reasoningTokens",
  ],
  serviceTier: [
    "openai.response.service_tier",
    foreign.ATTR_OPENAI_RESPONSE_SERVICE_TIER,
    "openai.request.service_tier",
  ],
  streaming: [names.ATTR_REQUEST_STREAM],
  timeToFirstChunkS: [names.ATTR_RESPONSE_TIME_TO_FIRST_CHUNK],
};

/** semantic-conventions 1.27 to 1.36, and what older senders wrote. */
export const LEGACY_NAMES: FactNames = {
  ...CURRENT_NAMES,
  provider: [names.ATTR_PROVIDER_NAME, foreign.ATTR_SYSTEM],
  inputTokens: [names.ATTR_USAGE_INPUT_TOKENS, foreign.ATTR_USAGE_PROMPT_TOKENS],
  outputTokens: [names.ATTR_USAGE_OUTPUT_TOKENS, foreign.ATTR_USAGE_COMPLETION_TOKENS],
  totalTokens: [foreign.ATTR_USAGE_TOTAL_TOKENS],
  cacheReadTokens: [
    names.ATTR_USAGE_CACHE_READ_INPUT_TOKENS,
    foreign.ATTR_USAGE_CACHE_READ_INPUT_TOKENS_FLAT,
  ],
  cacheWriteTokens: [
    names.ATTR_USAGE_CACHE_WRITE_INPUT_TOKENS,
    foreign.ATTR_USAGE_CACHE_CREATION_INPUT_TOKENS,
    foreign.ATTR_USAGE_CACHE_CREATION_INPUT_TOKENS_FLAT,
  ],
};
