import { context, SpanKind, trace, type Attributes } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { NoopSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createBudgetProcessor, parsePolicies, type BudgetProcessor } from "@tollgate/budget";
import { createMeteredFetch } from "@tollgate/instrumentation/fetch";
import OpenAI from "openai";
import type { Lane } from "./measure.ts";

type Fetch = typeof fetch;

class IdleReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const tracerProvider = new TracerProvider({ spanProcessors: [new NoopSpanProcessor()] });
const meterProvider = new MeterProvider({ readers: [new IdleReader()] });
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer = tracerProvider.getTracer("bench");
const meter = meterProvider.getMeter("bench");

const level = (id: string, ...each: string[]): object => ({
  id,
  ...(each.length > 0 && { each }),
  limit: { usd: 1_000_000 },
  window: "month",
  guarantee: "hard",
  maxOutputTokens: 1_000,
});

/** Four levels of a hierarchy, all hard, none ever full. */
function createHardBudget(): BudgetProcessor {
  return createBudgetProcessor({
    policies: parsePolicies([
      level("organization", "organization"),
      level("project", "organization", "project"),
      level("task", "organization", "project", "task"),
      level("agent", "organization", "project", "agent"),
    ]),
  });
}

const attribution = {
  defaults: { organization: "acme", project: "atlas", task: "bench", agent: "planner" },
};

function metered(fetch: Fetch, spans: boolean): Fetch {
  return createMeteredFetch(fetch, {
    attribution,
    budget: createHardBudget(),
    spans,
    telemetry: { tracer: () => tracer, meter: () => meter },
  });
}

/** What any tracing of a call costs at least: a span with the same attributes and three histogram records. */
function bareTelemetry(fetch: Fetch): Fetch {
  const duration = meter.createHistogram("bench.duration", { unit: "s" });
  const input = meter.createHistogram("bench.input_tokens", { unit: "{token}" });
  const output = meter.createHistogram("bench.output_tokens", { unit: "{token}" });
  const labels: Attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
    "tollgate.organization": "acme",
    "tollgate.project": "atlas",
    "tollgate.agent": "planner",
  };
  return async (url, init) => {
    const startedAt = performance.now();
    const span = tracer.startSpan("chat gpt-4o-mini", {
      kind: SpanKind.CLIENT,
      attributes: {
        ...labels,
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
    duration.record((performance.now() - startedAt) / 1000, labels);
    input.record(19, labels);
    output.record(80, labels);
    return response;
  };
}

/** The same client and the same work in every lane; only the fetch differs. */
export function createLanes(fetch: Fetch, work: (client: OpenAI) => Promise<unknown>): Lane[] {
  const lane = (name: string, laneFetch: Fetch): Lane => {
    const client = new OpenAI({ apiKey: "sk-bench", fetch: laneFetch, maxRetries: 0 });
    return { name, run: () => work(client) };
  };
  return [
    lane("no instrumentation", fetch),
    lane("no instrumentation, again (noise)", fetch),
    lane("bare span + 3 histogram records", bareTelemetry(fetch)),
    lane("tollgate", metered(fetch, true)),
    lane("tollgate, spans off", metered(fetch, false)),
  ];
}
