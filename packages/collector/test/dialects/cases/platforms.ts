import { origin, span, START_MS } from "../records.ts";
import type { SpanCase } from "./span-case.ts";

/** Spans of gateways and platforms. */
export const PLATFORMS: readonly SpanCase[] = [
  {
    says: "Sentry, by its op",
    dialect: "sentry",
    span: span({
      "sentry.op": "gen_ai.chat",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "gpt-5",
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.input_tokens.cached": 60,
      "gen_ai.usage.output_tokens": 40,
      "gen_ai.usage.output_tokens.reasoning": 30,
      "gen_ai.cost.total_tokens": 0.002,
      "gen_ai.response.streaming": true,
    }),
    read: {
      usage: { inputTokens: 100, outputTokens: 40, cacheReadTokens: 60, reasoningTokens: 30 },
      costNanoUsd: 2_000_000,
      streaming: true,
    },
  },
  {
    says: "Sentry: an agent",
    dialect: "sentry",
    span: span({ "sentry.op": "gen_ai.invoke_agent", "gen_ai.usage.input_tokens": 100 }),
    read: undefined,
  },
  {
    says: "Langfuse: usage and cost in JSON, its parts apart",
    dialect: "langfuse",
    span: span({
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "claude-opus-4-8",
      "langfuse.observation.usage_details":
        '{"input":100,"cache_read_input_tokens":900,"cache_creation_input_tokens":50,"output":20,"output_reasoning_tokens":5}',
      "langfuse.observation.cost_details": '{"input":0.001,"output":0.002}',
      "langfuse.observation.completion_start_time": `"${new Date(START_MS + 300).toISOString()}"`,
      "session.id": "s-9",
    }),
    read: {
      responseModel: "claude-opus-4-8",
      usage: {
        inputTokens: 1_050,
        outputTokens: 25,
        cacheReadTokens: 900,
        cacheWriteTokens: 50,
        reasoningTokens: 5,
      },
      costNanoUsd: 3_000_000,
      timeToFirstChunkMs: 300,
      attribution: { session: "s-9" },
    },
  },
  {
    says: "Langfuse: a total that shows that the parts are in the sums",
    dialect: "langfuse",
    span: span({
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "gpt-5",
      "langfuse.observation.usage_details":
        '{"input":100,"input_cached_tokens":40,"output":20,"total":120}',
    }),
    read: { usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 40 } },
  },
  {
    says: "Langfuse: a tool",
    dialect: "langfuse",
    span: span({
      "langfuse.observation.type": "tool",
      "langfuse.observation.usage_details": '{"input":100}',
    }),
    read: undefined,
  },
  {
    says: "LangSmith: details in JSON",
    dialect: "langsmith",
    span: span({
      "langsmith.span.kind": "llm",
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 40,
      "gen_ai.usage.total_tokens": 140,
      "gen_ai.usage.input_token_details": '{"audio":0,"cache_read":64}',
      "gen_ai.usage.output_token_details": '{"reasoning":32}',
      "langsmith.trace.session_name": "shop",
    }),
    read: {
      usage: {
        inputTokens: 100,
        outputTokens: 40,
        cacheReadTokens: 64,
        audioInputTokens: 0,
        reasoningTokens: 32,
      },
      attribution: { project: "shop" },
    },
  },
  {
    says: "LangSmith: a chain",
    dialect: "langsmith",
    span: span({ "langsmith.span.kind": "chain", "gen_ai.usage.input_tokens": 100 }),
    read: undefined,
  },
  {
    says: "LiteLLM: its cost, its key, its team",
    dialect: "litellm",
    span: span(
      {
        "gen_ai.operation.name": "acompletion",
        "gen_ai.system": "vertex_ai-anthropic_models",
        "gen_ai.request.model": "claude-opus-4-8",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 40,
        "gen_ai.usage.total_tokens": 140,
        "gen_ai.cost.total_cost": 0.0035,
        "llm.is_streaming": "True",
        "metadata.user_api_key_alias": "ci-bot",
        "metadata.user_api_key_team_alias": "checkout",
        "metadata.user_api_key_user_email": "ann@acme.com",
      },
      { origin: origin("litellm") },
    ),
    read: {
      operation: "chat",
      provider: "gcp.vertex_ai",
      usage: { inputTokens: 100, outputTokens: 40 },
      costNanoUsd: 3_500_000,
      streaming: true,
      attribution: { project: "checkout", agent: "ci-bot", user: "ann@acme.com" },
    },
  },
  {
    says: "LiteLLM: an answer of its own cache, which no provider bills",
    dialect: "litellm",
    span: span({
      "litellm.call_id": "c-1",
      "litellm.cache_hit": true,
      "gen_ai.request.model": "gpt-5",
      "gen_ai.usage.input_tokens": 100,
    }),
    read: undefined,
  },
  {
    says: "LiteLLM: a cost of zero, which says nothing",
    dialect: "litellm",
    span: span({
      "litellm.call_id": "c-1",
      "gen_ai.request.model": "my-model",
      "gen_ai.usage.input_tokens": 100,
      "litellm.cost.total": 0,
    }),
    read: { costNanoUsd: undefined, priceSource: undefined },
  },
];
