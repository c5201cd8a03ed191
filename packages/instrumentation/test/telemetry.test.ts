import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { withAttribution } from "@tollgate/core";
import { captureTelemetry, type TelemetryCapture } from "@tollgate/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRig, STREAMED, USAGE, type RigOptions } from "./setup.ts";

let telemetry: TelemetryCapture;

beforeEach(() => {
  telemetry = captureTelemetry({ global: true });
});
afterEach(() => telemetry.shutdown());

const DEFAULTS = { organization: "acme", project: "atlas", agent: "planner" };

const rigged = (options: RigOptions = {}): ReturnType<typeof createRig> =>
  createRig({
    attribution: { defaults: DEFAULTS },
    provider: { script: { usage: USAGE } },
    ...options,
  });

describe("spans", () => {
  test("one CLIENT span per call, with the GenAI attributes, the cost and the attribution", async () => {
    const rig = await rigged();
    await (await rig.chat({ ...STREAMED, max_tokens: 77, n: 2 })).text();
    expect(telemetry.spans()).toHaveLength(1);
    const [span] = telemetry.spans();
    expect(span).toMatchObject({ name: "chat gpt-4o-mini", kind: SpanKind.CLIENT });
    expect(span?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.request.stream": true,
      "gen_ai.request.max_tokens": 77,
      "gen_ai.request.choice.count": 2,
      "gen_ai.response.model": "gpt-4o-mini",
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.usage.output_tokens": 500,
      "gen_ai.usage.cache_read.input_tokens": 400,
      "gen_ai.usage.cost.amount": 0.000_42,
      "gen_ai.usage.cost.currency": "USD",
      "server.address": "127.0.0.1",
      "tollgate.organization": "acme",
      "tollgate.project": "atlas",
      "tollgate.agent": "planner",
      "tollgate.call.id": rig.events[0]?.id,
    });
    expect(rig.events[0]).toMatchObject({ spanId: span?.spanContext().spanId });
  });

  test("a failed call has an error type and status", async () => {
    const rig = await rigged({ provider: { script: { status: 429 } } });
    await rig.chat();
    const [span] = telemetry.spans();
    expect(span?.attributes["error.type"]).toBe("429");
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
  });

  test("an active inference span is enriched, not doubled", async () => {
    const rig = await rigged();
    const tracer = trace.getTracer("framework");
    await tracer.startActiveSpan(
      "chat",
      { attributes: { "gen_ai.operation.name": "chat" } },
      async (span) => {
        await (await rig.chat()).json();
        span.end();
      },
    );
    expect(telemetry.spans()).toHaveLength(1);
    expect(telemetry.spans()[0]?.attributes).toMatchObject({
      "gen_ai.usage.cost.amount": 0.000_42,
      "tollgate.project": "atlas",
    });
  });

  test("retries of the client are counted in the attempt's span", async () => {
    const rig = await rigged();
    await (await rig.chat({}, { headers: { "x-stainless-retry-count": "2" } })).json();
    expect(telemetry.spans()[0]?.attributes["http.request.resend_count"]).toBe(2);
  });

  test("none with spans off, and the metrics all the same", async () => {
    const rig = await rigged({ spans: false });
    await (await rig.chat()).json();
    expect(telemetry.spans()).toEqual([]);
    expect(await telemetry.value("tollgate_requests_total", { tollgate_outcome: "ok" })).toBe(1);
  });
});

describe("metrics", () => {
  test("tokens and cost by organisation, project and agent, under their Prometheus names", async () => {
    const rig = await rigged();
    await (await rig.chat()).json();
    const labels = {
      tollgate_organization: "acme",
      tollgate_project: "atlas",
      tollgate_agent: "planner",
    };
    const value = (name: string): Promise<number | undefined> => telemetry.value(name, labels);
    expect(await value("gen_ai_client_inference_usage_input_tokens_total")).toBe(1_000);
    expect(await value("gen_ai_client_inference_usage_output_tokens_total")).toBe(500);
    expect(await value("tollgate_cost_usd_total")).toBeCloseTo(0.000_42, 12);
    expect(await value("gen_ai_client_inference_duration_count")).toBe(1);
  });
});

const withBaggage = <Result>(run: () => Result): Result => {
  const baggage = propagation.createBaggage({
    "tollgate.project": { value: "beacon" },
    app: { value: "kept" },
  });
  return context.with(propagation.setBaggage(context.active(), baggage), run);
};

describe("attribution", () => {
  test("withAttribution wins over defaults, locked configuration over all", async () => {
    const rig = await rigged({
      attribution: { defaults: DEFAULTS, locked: { organization: "acme" } },
    });
    await withAttribution({ organization: "other", agent: "writer", task: "t1" }, async () => {
      await (await rig.chat()).json();
    });
    expect(rig.events[0]?.attribution).toEqual({
      organization: "acme",
      project: "atlas",
      agent: "writer",
      task: "t1",
    });
  });

  test("the active agent span names the agent", async () => {
    const rig = await rigged();
    const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "critic" };
    await trace
      .getTracer("x")
      .startActiveSpan("invoke_agent critic", { attributes }, async (span) => {
        await (await rig.chat()).json();
        span.end();
      });
    expect(rig.events[0]?.attribution.agent).toBe("critic");
  });

  test("baggage is ignored unless trusted", async () => {
    const rig = await rigged();
    await withBaggage(async () => (await rig.chat()).json());
    expect(rig.events[0]?.attribution.project).toBe("atlas");
  });

  test("trusted baggage counts, under withAttribution", async () => {
    const rig = await rigged({ attribution: { defaults: DEFAULTS, trustBaggage: true } });
    await withBaggage(async () => (await rig.chat()).json());
    expect(rig.events[0]?.attribution.project).toBe("beacon");
  });

  test("the request is sent in a context without our baggage keys, and with the others", async () => {
    const seen: (string | undefined)[][] = [];
    const rig = await rigged();
    const inner: typeof fetch = (input, init) => {
      const baggage = propagation.getActiveBaggage();
      seen.push([baggage?.getEntry("tollgate.project")?.value, baggage?.getEntry("app")?.value]);
      return fetch(input, init);
    };
    const { createMeteredFetch } = await import("../src/fetch/index.ts");
    const metered = createMeteredFetch(inner);
    const body = JSON.stringify({ model: "gpt-4o-mini", messages: [] });
    await withBaggage(async () => {
      const response = await metered(`${rig.provider.openaiBaseUrl}/chat/completions`, {
        method: "POST",
        body,
      });
      await response.json();
    });
    expect(seen).toEqual([[undefined, "kept"]]);
  });

  const written: readonly [NonNullable<RequestInit["headers"]>, string | undefined][] = [
    [{ baggage: "tollgate.project=beacon,app=kept", "x-mine": "1" }, "app=kept"],
    [new Headers({ Baggage: "app=kept, tollgate.project=beacon;p=1" }), "app=kept"],
    [[["baggage", "tollgate.project=beacon"]], undefined],
    [{ baggage: "app=kept" }, "app=kept"],
    [{}, undefined],
  ];

  test.each(written)(
    "what a client has written into its headers by itself loses ours: %j",
    async (headers, kept) => {
      const rig = await rigged();
      await withBaggage(async () => (await rig.chat({}, { headers })).json());
      expect(rig.provider.requests[0]?.headers["baggage"]).toBe(kept);
      expect(rig.events).toMatchObject([{ outcome: "ok" }]);
    },
  );
});
