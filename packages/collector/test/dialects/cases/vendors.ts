import { origin, span } from "../records.ts";
import type { SpanCase } from "./span-case.ts";

const ANTHROPIC = origin("com.anthropic.sdk.typescript");

/** Spans of vendors' own SDKs and agents. */
export const VENDORS: readonly SpanCase[] = [
  {
    says: "Anthropic's SDK: an hour's cache, and what a compaction used",
    dialect: "anthropic-sdk",
    span: span(
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-opus-4-8",
        "gen_ai.usage.input_tokens": 1_000,
        "gen_ai.usage.output_tokens": 100,
        "gen_ai.usage.cache_write.input_tokens": 300,
        "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 200,
        "anthropic.usage.compaction.input_tokens": 4_000,
        "anthropic.usage.compaction.output_tokens": 400,
        "anthropic.response.service_tier": "priority",
        "anthropic.message.stop_reason": "end_turn",
      },
      { origin: ANTHROPIC },
    ),
    read: {
      usage: {
        inputTokens: 5_000,
        outputTokens: 500,
        cacheWriteTokens: 300,
        cacheWrite1hTokens: 200,
      },
      serviceTier: "priority",
      finishReasons: ["end_turn"],
    },
  },
  {
    says: "Anthropic's SDK: counting tokens",
    dialect: "anthropic-sdk",
    span: span(
      { "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-opus-4-8" },
      { origin: ANTHROPIC, name: "anthropic.messages.count_tokens" },
    ),
    read: undefined,
  },
  {
    says: "Copilot Chat in VS Code",
    dialect: "github-copilot",
    span: span(
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "github",
        "gen_ai.request.model": "gpt-5",
        "gen_ai.conversation.id": "c-1",
        "gen_ai.usage.input_tokens": 1_500,
        "gen_ai.usage.output_tokens": 250,
        "gen_ai.usage.cache_read.input_tokens": 1_200,
        "gen_ai.usage.cache_creation.input_tokens": 300,
        "copilot_chat.time_to_first_token": 450,
        "github.copilot.cost": 1,
      },
      { origin: origin("copilot-chat", { "service.name": "copilot-chat" }) },
    ),
    read: {
      provider: "github-copilot",
      sender: "c-1",
      usage: {
        inputTokens: 1_500,
        outputTokens: 250,
        cacheReadTokens: 1_200,
        cacheWriteTokens: 300,
      },
      timeToFirstChunkMs: 450,
      costNanoUsd: undefined,
      attribution: { session: "c-1" },
    },
  },
  {
    says: "Copilot: the agent around its calls",
    dialect: "github-copilot",
    span: span(
      { "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 12_500 },
      { origin: origin("github.copilot", { "service.name": "github-copilot" }) },
    ),
    read: undefined,
  },
  {
    says: "Claude Code: a request, its cache apart",
    dialect: "claude-code",
    span: span(
      {
        "span.type": "llm_request",
        "gen_ai.system": "anthropic",
        "gen_ai.request.model": "claude-opus-5",
        model: "claude-opus-5",
        input_tokens: 2,
        output_tokens: 1_200,
        cache_read_tokens: 84_000,
        cache_creation_tokens: 7_000,
        request_id: "req_1",
        ttft_ms: 900,
        success: true,
        "session.id": "s-1",
      },
      { name: "claude_code.llm_request", origin: origin("com.anthropic.claude_code.tracing") },
    ),
    read: {
      key: "req_1",
      provider: "anthropic",
      usage: {
        inputTokens: 91_002,
        outputTokens: 1_200,
        cacheReadTokens: 84_000,
        cacheWriteTokens: 7_000,
      },
      timeToFirstChunkMs: 900,
      attribution: { session: "s-1" },
    },
  },
  {
    says: "Claude Code: a tool",
    dialect: "claude-code",
    span: span({ tool_name: "Bash" }, { name: "claude_code.tool" }),
    read: undefined,
  },
  {
    says: "Gemini CLI's span of a call, which its event repeats with more in it",
    dialect: "gemini-cli",
    span: span(
      { "gen_ai.operation.name": "llm_call", "gen_ai.usage.input_tokens": 10 },
      { origin: origin("gemini-cli", { "service.name": "gemini-cli" }) },
    ),
    read: undefined,
  },
];
