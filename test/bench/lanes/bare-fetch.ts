import { context, SpanKind, trace, type Attributes } from "@opentelemetry/api";
import type { LaneTelemetry } from "./telemetry.ts";

type Fetch = typeof fetch;

const LABELS: Attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
  "tollgate.organization": "acme",
  "tollgate.project": "atlas",
  "tollgate.agent": "planner",
};

/** What any tracing of a call costs at least: a span with the same attributes and three histogram records. */
export function bareFetch(fetch: Fetch, { tracer, meter }: LaneTelemetry): Fetch {
  const duration = meter.createHistogram("bench.duration", { unit: "s" });
  const input = meter.createHistogram("bench.input_tokens", { unit: "{token}" });
  const output = meter.createHistogram("bench.output_tokens", { unit: "{token}" });
  return async (url, init) => {
    const startedAt = performance.now();
    const span = tracer.startSpan("chat gpt-4o-mini", {
      kind: SpanKind.CLIENT,
      attributes: {
        ...LABELS,
        "server.address": "api.openai.com",
        "server.port": 443,
        "tollgate.task": "bench",
        "tollgate.call.id": crypto.randomUUID(),
      },
    });
    const response = await context.with(trace.setSpan(context.active(), span), () =>
      fetch(url, init),
    );
    span.setAttributes({
      "gen_ai.response.id": "chatcmpl-BenchAnswer",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 19,
      "gen_ai.usage.output_tokens": 80,
      "gen_ai.usage.cost.amount": 0.000_05,
      "gen_ai.usage.cost.currency": "USD",
      "gen_ai.usage.cost.source": "catalogue",
    });
    span.end();
    duration.record((performance.now() - startedAt) / 1000, LABELS);
    input.record(19, LABELS);
    output.record(80, LABELS);
    return response;
  };
}
