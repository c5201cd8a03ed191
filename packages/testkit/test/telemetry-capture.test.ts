import { metrics, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { captureTelemetry } from "../src/index.ts";

describe("captureTelemetry", () => {
  it("keeps ended spans in the order in which they ended", async () => {
    const telemetry = captureTelemetry();
    const tracer = telemetry.tracerProvider.getTracer("test");
    const outer = tracer.startSpan("outer");
    tracer.startSpan("inner").end();
    outer.end();
    expect(telemetry.spans().map(({ name }) => name)).toEqual(["inner", "outer"]);
    telemetry.resetSpans();
    expect(telemetry.spans()).toEqual([]);
    await telemetry.shutdown();
  });

  it("finds a metric by its Prometheus name and labels", async () => {
    const telemetry = captureTelemetry();
    const meter = telemetry.meterProvider.getMeter("test");
    const spent = meter.createCounter("tollgate.cost.usd", { unit: "{USD}" });
    spent.add(1.5, { "tollgate.agent": "planner", kind: "input" });
    spent.add(2, { "tollgate.agent": "planner", kind: "output" });
    spent.add(4, { "tollgate.agent": "writer", kind: "output" });
    const value = (labels?: Record<string, string>): Promise<number | undefined> =>
      telemetry.value("tollgate_cost_usd_total", labels);
    expect(await value()).toBe(7.5);
    expect(await value({ tollgate_agent: "planner" })).toBe(3.5);
    expect(await value({ tollgate_agent: "planner", kind: "output" })).toBe(2);
    expect(await value({ tollgate_agent: "nobody" })).toBeUndefined();
    expect(await telemetry.prometheusText()).toContain("# TYPE tollgate_cost_usd_total counter");
    await telemetry.shutdown();
  });

  it("keeps out of the process unless asked", async () => {
    const telemetry = captureTelemetry();
    trace.getTracer("app").startSpan("app").end();
    expect(telemetry.spans()).toEqual([]);
    await telemetry.shutdown();
  });

  it("stands in for the app's own SDK when asked, and leaves no trace of it", async () => {
    const telemetry = captureTelemetry({ global: true });
    expect(() => captureTelemetry({ global: true })).toThrow("shut the earlier capture down first");
    trace.getTracer("app").startActiveSpan("outer", (outer) => {
      trace.getTracer("app").startSpan("inner").end();
      outer.end();
    });
    metrics.getMeter("app").createCounter("calls").add(1);
    const [inner, outer] = telemetry.spans();
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(await telemetry.value("calls_total")).toBe(1);
    await telemetry.shutdown();

    const next = captureTelemetry({ global: true });
    trace.getTracer("app").startSpan("later").end();
    expect(next.spans().map(({ name }) => name)).toEqual(["later"]);
    await next.shutdown();
  });
});
