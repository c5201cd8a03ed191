import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { captureTelemetry } from "@tollgate/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createAgentSpanProcessor,
  createCallMeter,
  hookGlobalFetch,
  traceAgent,
} from "../src/index.ts";
import { createRig } from "./setup.ts";

const agentSpan = (name: string) => ({
  attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name },
});

describe("below an agent's span that a framework made", () => {
  let provider: TracerProvider;

  beforeEach(() => {
    provider = new TracerProvider({ spanProcessors: [createAgentSpanProcessor()] });
    trace.setGlobalTracerProvider(provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterEach(async () => {
    trace.disable();
    context.disable();
    await provider.shutdown();
  });

  test("a call finds the agent from any depth", async () => {
    const rig = await createRig();
    const tracer = trace.getTracer("framework");
    await tracer.startActiveSpan("invoke_agent critic", agentSpan("critic"), (agent) =>
      tracer.startActiveSpan("chain", (chain) =>
        tracer.startActiveSpan("step", async (step) => {
          await (await rig.chat()).json();
          for (const span of [step, chain, agent]) span.end();
        }),
      ),
    );
    expect(rig.events[0]?.attribution.agent).toBe("critic");
  });

  test("a call finds the nearest of several, also one that got its name late or has ended", async () => {
    const rig = await createRig();
    const tracer = trace.getTracer("framework");
    await tracer.startActiveSpan("invoke_agent outer", agentSpan("outer"), () =>
      tracer.startActiveSpan("later an agent", (inner) =>
        tracer.startActiveSpan("step", async () => {
          inner.setAttributes(agentSpan("inner").attributes);
          inner.end();
          await (await rig.chat()).json();
        }),
      ),
    );
    expect(rig.events[0]?.attribution.agent).toBe("inner");
  });

  test("a call beside it does not", async () => {
    const rig = await createRig();
    const tracer = trace.getTracer("framework");
    await tracer.startActiveSpan("invoke_agent critic", agentSpan("critic"), () =>
      context.with(ROOT_CONTEXT, () =>
        tracer.startActiveSpan("other", async () => {
          await (await rig.chat()).json();
        }),
      ),
    );
    expect(rig.events[0]?.attribution.agent).toBeUndefined();
  });
});

describe("in a process that Tollgate meters without global providers", () => {
  test("runs go to the meter's own telemetry, and calls stand under them", async () => {
    const telemetry = captureTelemetry();
    const rig = await createRig();
    const unhook = hookGlobalFetch(
      createCallMeter({
        attribution: { defaults: { project: "atlas" } },
        telemetry: {
          tracer: () => telemetry.tracerProvider.getTracer("own"),
          meter: () => telemetry.meterProvider.getMeter("own"),
        },
      }),
    );
    try {
      await traceAgent("planner", async () => {
        await Promise.resolve();
        const response = await fetch(`${rig.provider.openaiBaseUrl}/chat/completions`, {
          method: "POST",
          body: JSON.stringify({ model: "gpt-4o-mini", messages: [] }),
        });
        await response.json();
      });
    } finally {
      unhook();
    }
    traceAgent("after", () => 1);
    const [chat, agent, ...more] = telemetry.spans();
    expect(more).toEqual([]);
    expect(agent).toMatchObject({
      name: "invoke_agent planner",
      attributes: { "tollgate.project": "atlas" },
    });
    expect(chat?.parentSpanContext?.spanId).toBe(agent?.spanContext().spanId);
    expect(chat?.spanContext().traceId).toBe(agent?.spanContext().traceId);
    const labels = { gen_ai_agent_name: "planner", tollgate_project: "atlas" };
    expect(await telemetry.value("gen_ai_invoke_agent_inference_calls_sum", labels)).toBe(1);
    await telemetry.shutdown();
  });

  test("nested runs without a context manager are nested spans", async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    });
    const telemetry = { tracer: () => provider.getTracer("own"), meter: () => undefined };
    const unhook = hookGlobalFetch(createCallMeter({ telemetry }));
    await traceAgent("outer", async () => {
      await Promise.resolve();
      traceAgent("inner", () => 1);
    });
    unhook();
    const [inner, outer] = exporter.getFinishedSpans();
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    await provider.shutdown();
  });
});
