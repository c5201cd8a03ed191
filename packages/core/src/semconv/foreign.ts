/**
 * Names that other senders write into the same namespace as the GenAI conventions: those of older conventions, and
 * those that vendors and instrumentations added. Read by the collector, never written.
 *
 * Sources: semantic-conventions 1.27 to 1.41, OpenLLMetry 0.27.0, OpenLIT 1.15.0, Sentry's conventions 0.33.0,
 * langsmith 0.12.0, LiteLLM 1.110.2; see docs/dialects.md for who writes which.
 */
export const ATTR_COST_TOTAL_COST = "gen_ai.cost.total_cost";
export const ATTR_COST_TOTAL_TOKENS = "gen_ai.cost.total_tokens";
export const ATTR_IS_STREAMING = "gen_ai.is_streaming";
export const ATTR_OPENAI_REQUEST_SERVICE_TIER = "gen_ai.openai.request.service_tier";
export const ATTR_OPENAI_RESPONSE_SERVICE_TIER = "gen_ai.openai.response.service_tier";
export const ATTR_REQUEST_IS_STREAM = "gen_ai.request.is_stream";
export const ATTR_REQUEST_USER = "gen_ai.request.user";
export const ATTR_RESPONSE_FINISH_REASON = "gen_ai.response.finish_reason";
export const ATTR_RESPONSE_SERVICE_TIER = "gen_ai.response.service_tier";
export const ATTR_RESPONSE_STREAMING = "gen_ai.response.streaming";
export const ATTR_RESPONSE_TIME_TO_FIRST_TOKEN = "gen_ai.response.time_to_first_token";
export const ATTR_SERVER_TIME_TO_FIRST_TOKEN = "gen_ai.server.time_to_first_token";
export const ATTR_SYSTEM = "gen_ai.system";
export const ATTR_TOKEN_TYPE = "gen_ai.token.type";
export const ATTR_USAGE_CACHE_CREATION_INPUT_TOKENS = "gen_ai.usage.cache_creation.input_tokens";
export const ATTR_USAGE_CACHE_CREATION_INPUT_TOKENS_FLAT =
  "gen_ai.usage.cache_creation_input_tokens";
export const ATTR_USAGE_CACHE_READ_INPUT_TOKENS_FLAT = "gen_ai.usage.cache_read_input_tokens";
export const ATTR_USAGE_CACHE_READ_TOKENS = "gen_ai.usage.cache_read_tokens";
export const ATTR_USAGE_COMPLETION_TOKENS = "gen_ai.usage.completion_tokens";
export const ATTR_USAGE_COMPLETION_TOKENS_DETAILS_AUDIO =
  "gen_ai.usage.completion_tokens_details.audio";
export const ATTR_USAGE_COMPLETION_TOKENS_DETAILS_REASONING =
  "gen_ai.usage.completion_tokens_details.reasoning";
export const ATTR_USAGE_COST = "gen_ai.usage.cost";
export const ATTR_USAGE_INPUT_TOKENS_CACHED = "gen_ai.usage.input_tokens.cached";
export const ATTR_USAGE_INPUT_TOKENS_CACHE_WRITE = "gen_ai.usage.input_tokens.cache_write";
export const ATTR_USAGE_INPUT_TOKEN_DETAILS = "gen_ai.usage.input_token_details";
export const ATTR_USAGE_OUTPUT_TOKENS_REASONING = "gen_ai.usage.output_tokens.reasoning";
export const ATTR_USAGE_OUTPUT_TOKEN_DETAILS = "gen_ai.usage.output_token_details";
export const ATTR_USAGE_PROMPT_TOKENS = "gen_ai.usage.prompt_tokens";
export const ATTR_USAGE_PROMPT_TOKENS_DETAILS_CACHE_READ =
  "gen_ai.usage.prompt_tokens_details.cache_read";
export const ATTR_USAGE_PROMPT_TOKENS_DETAILS_CACHE_WRITE =
  "gen_ai.usage.prompt_tokens_details.cache_write";
export const ATTR_USAGE_REASONING_TOKENS = "gen_ai.usage.reasoning_tokens";
export const ATTR_USAGE_TOTAL_TOKENS = "gen_ai.usage.total_tokens";
export const ATTR_USER = "gen_ai.user";
export const GEN_AI_PREFIX = "gen_ai.";
export const METRIC_CLIENT_TOKEN_USAGE = "gen_ai.client.token.usage";
export const METRIC_FAMILY_INFERENCE_USAGE = "gen_ai.client.inference.usage.";
