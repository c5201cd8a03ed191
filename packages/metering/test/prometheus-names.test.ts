import { describe, expect, it } from "vitest";
import { captureMetering } from "./capture-metrics.ts";
import { usageEvent } from "./usage-events.ts";

describe("names in Prometheus", () => {
  it("are those that dashboards ask for; the JavaScript exporter adds no unit to standard names", async () => {
    const { metering, prometheus } = captureMetering();
    metering.record(
      usageEvent({
        streaming: true,
        timeToFirstChunkMs: 1,
        usage: {
          inputTokens: 9,
          outputTokens: 9,
          cacheReadTokens: 1,
          cacheWriteTokens: 1,
          reasoningTokens: 1,
        },
      }),
    );
    metering.record(
      usageEvent({
        estimated: true,
        cost: { totalNanoUsd: undefined, parts: {}, priceSource: "unpriced" },
      }),
    );
    const lines = await prometheus();
    expect([...new Set(lines.map((line) => line.replace(/[{ ].*/, "")))].toSorted()).toEqual([
      "gen_ai_client_inference_duration_bucket",
      "gen_ai_client_inference_duration_count",
      "gen_ai_client_inference_duration_sum",
      "gen_ai_client_inference_operation_input_tokens_bucket",
      "gen_ai_client_inference_operation_input_tokens_count",
      "gen_ai_client_inference_operation_input_tokens_sum",
      "gen_ai_client_inference_operation_output_tokens_bucket",
      "gen_ai_client_inference_operation_output_tokens_count",
      "gen_ai_client_inference_operation_output_tokens_sum",
      "gen_ai_client_inference_time_to_first_chunk_bucket",
      "gen_ai_client_inference_time_to_first_chunk_count",
      "gen_ai_client_inference_time_to_first_chunk_sum",
      "gen_ai_client_inference_usage_cache_read_input_tokens_total",
      "gen_ai_client_inference_usage_cache_write_input_tokens_total",
      "gen_ai_client_inference_usage_input_tokens_total",
      "gen_ai_client_inference_usage_output_tokens_total",
      "gen_ai_client_inference_usage_reasoning_output_tokens_total",
      "tollgate_cost_usd_total",
      "tollgate_requests_estimated_total",
      "tollgate_requests_total",
      "tollgate_requests_unpriced_total",
      "tollgate_tokens_estimated_total",
    ]);
    expect(lines).toContain(
      'tollgate_cost_usd_total{gen_ai_operation_name="chat",gen_ai_provider_name="openai",' +
        'gen_ai_request_model="gpt-4o-mini",gen_ai_response_model="gpt-4o-mini-2024-07-18",' +
        'tollgate_agent="planner",tollgate_organization="acme",tollgate_project="atlas",' +
        'tollgate_cost_type="input"} 0.00015',
    );
  });
});
