import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { currentAttribution, withAttribution, type AgentRun, type Run } from "@tollgate/core";
import { captureTelemetry, type TelemetryCapture } from "@tollgate/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { traceAgent, traceTask, traceTool } from "../src/index.ts";
import { createRig, USAGE, type Rig } from "./setup.ts";

let telemetry: TelemetryCapture;

beforeEach(() => {
  telemetry = captureTelemetry({ global: true });
});
afterEach(() => telemetry.shutdown());

const said = async (rig: Rig, headers: Record<string, string> = {}): Promise<unknown> =>
  (await rig.chat({}, { headers })).json();

const attributions = (rig: Rig): unknown[] => rig.events.map(({ attribution }) => attribution);

const spanNamed = (name: string) => telemetry.spans().find((span) => span.name === name);

describe("an agent", () => {
  test("has its calls charged to it, numbered by turn, under its span", async () => {
    const rig = await createRig({ provider: { script: { usage: USAGE } } });
    const runs: AgentRun[] = [];
    const result = await traceAgent(
      "planner",
      async () => {
        await said(rig);
        await said(rig);
        return "plan";
      },
      { id: "a-1", version: "2", onEnd: (run) => runs.push(run) },
    );
    expect(result).toBe("plan");
    expect(attributions(rig)).toEqual([
      { agent: "planner", iteration: 1 },
      { agent: "planner", iteration: 2 },
    ]);
    const agent = spanNamed("invoke_agent planner");
    expect(agent).toMatchObject({
      kind: SpanKind.INTERNAL,
      status: { code: SpanStatusCode.UNSET },
    });
    expect(agent?.attributes).toEqual({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "planner",
      "gen_ai.agent.id": "a-1",
      "gen_ai.agent.version": "2",
      "tollgate.agent": "planner",
    });
    const chats = telemetry.spans().filter(({ name }) => name.startsWith("chat"));
    expect(chats.map((span) => span.parentSpanContext?.spanId)).toEqual(
      Array(2).fill(agent?.spanContext().spanId),
    );
    expect(runs).toMatchObject([
      { kind: "agent", inferenceCalls: 2, toolCalls: 0, outcome: "completed" },
    ]);
  });

  test("gives the histograms of the conventions", async () => {
    const rig = await createRig();
    await traceAgent("planner", async () => {
      await said(rig);
      traceTool("search", () => 1);
    });
    const agent = { gen_ai_agent_name: "planner" };
    const value = (name: string): Promise<number | undefined> => telemetry.value(name, agent);
    expect(await value("gen_ai_invoke_agent_duration_count")).toBe(1);
    expect(await value("gen_ai_invoke_agent_inference_calls_sum")).toBe(1);
    expect(await value("gen_ai_invoke_agent_tool_calls_sum")).toBe(1);
    expect(await value("gen_ai_execute_tool_duration_count")).toBe(1);
  });

  test("inside another has its own turns; the outer goes on counting its own", async () => {
    const rig = await createRig();
    const runs: Run[] = [];
    const onEnd = (run: Run): void => void runs.push(run);
    await traceAgent(
      "outer",
      async () => {
        await said(rig);
        await traceAgent("inner", () => said(rig), { onEnd });
        await said(rig);
      },
      { onEnd },
    );
    expect(attributions(rig)).toEqual([
      { agent: "outer", iteration: 1 },
      { agent: "inner", iteration: 1 },
      { agent: "outer", iteration: 2 },
    ]);
    expect(runs).toMatchObject([
      { name: "inner", inferenceCalls: 1 },
      { name: "outer", inferenceCalls: 2 },
    ]);
  });

  test("runs beside others, each with its own calls", async () => {
    const rig = await createRig();
    await Promise.all(
      ["a", "b", "c"].map((name) =>
        traceAgent(name, async () => {
          await said(rig);
          await said(rig);
        }),
      ),
    );
    const seen = rig.events.map(
      ({ attribution }) => `${attribution.agent}${attribution.iteration}`,
    );
    expect(seen.toSorted()).toEqual(["a1", "a2", "b1", "b2", "c1", "c2"]);
  });

  test("keeps an iteration that the app has set", async () => {
    const rig = await createRig();
    await traceAgent("planner", () => withAttribution({ iteration: 7 }, () => said(rig)));
    expect(rig.events[0]?.attribution).toEqual({ agent: "planner", iteration: 7 });
  });

  test("does not count a client's retry as a turn", async () => {
    const rig = await createRig();
    const runs: AgentRun[] = [];
    await traceAgent(
      "planner",
      async () => {
        await said(rig);
        await said(rig, { "x-stainless-retry-count": "1" });
      },
      { onEnd: (run) => runs.push(run) },
    );
    expect(rig.events.map(({ attribution }) => attribution.iteration)).toEqual([1, 1]);
    expect(runs[0]?.inferenceCalls).toBe(1);
  });

  test("does not count what a budget refused", async () => {
    const rig = await createRig({
      policies: [{ id: "none", limit: { requests: 1 }, window: "total" }],
    });
    const runs: AgentRun[] = [];
    await traceAgent(
      "planner",
      async () => {
        await said(rig);
        await said(rig);
      },
      { onEnd: (run) => runs.push(run) },
    );
    expect(rig.events.map(({ outcome }) => outcome)).toEqual(["ok", "refused"]);
    expect(runs[0]?.inferenceCalls).toBe(1);
  });
});

describe("a tool", () => {
  test("has a span below its agent's and counts for it, when it fails too", async () => {
    const rig = await createRig();
    const runs: AgentRun[] = [];
    await traceAgent(
      "planner",
      async () => {
        await said(rig);
        await traceTool("search", () => said(rig), { type: "function", callId: "call_1" });
        expect(() => traceTool("broken", fail)).toThrow("no");
        await said(rig);
      },
      { onEnd: (run) => runs.push(run) },
    );
    expect(runs).toMatchObject([{ toolCalls: 2, inferenceCalls: 3 }]);
    expect(rig.events.map(({ attribution }) => attribution.iteration)).toEqual([1, 1, 2]);
    const tool = spanNamed("execute_tool search");
    expect(tool?.attributes).toEqual({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "search",
      "gen_ai.tool.type": "function",
      "gen_ai.tool.call.id": "call_1",
      "tollgate.agent": "planner",
    });
    expect(tool?.parentSpanContext?.spanId).toBe(
      spanNamed("invoke_agent planner")?.spanContext().spanId,
    );
    expect(spanNamed("execute_tool broken")).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "error.type": "RangeError" },
    });
  });
});

describe("a task", () => {
  test("is charged with all that its agents do, and completed", async () => {
    const rig = await createRig();
    const runs: Run[] = [];
    await traceTask("t-1", () => traceAgent("planner", () => said(rig)), {
      attribution: { project: "atlas" },
      onEnd: (run) => runs.push(run),
    });
    expect(attributions(rig)).toEqual([
      { project: "atlas", task: "t-1", agent: "planner", iteration: 1 },
    ]);
    expect(spanNamed("invoke_workflow t-1")?.attributes).toEqual({
      "gen_ai.operation.name": "invoke_workflow",
      "tollgate.task": "t-1",
      "tollgate.project": "atlas",
    });
    expect(runs).toMatchObject([{ kind: "task", id: "t-1", outcome: "completed" }]);
  });

  test("is named after its workflow, where it has one", () => {
    traceTask("t-1", () => 1, { workflow: "support" });
    expect(spanNamed("invoke_workflow support")?.attributes).toMatchObject({
      "gen_ai.workflow.name": "support",
      "tollgate.task": "t-1",
    });
  });

  test("fails with the type of what was thrown, which the app gets untouched", async () => {
    const error = new RangeError("no");
    const runs: Run[] = [];
    const task = traceTask("t-1", () => Promise.reject(error), { onEnd: (run) => runs.push(run) });
    await expect(task).rejects.toBe(error);
    expect(spanNamed("invoke_workflow t-1")).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "error.type": "RangeError" },
    });
    expect(runs).toMatchObject([{ outcome: "failed", errorType: "RangeError" }]);
    expect(await telemetry.value("gen_ai_invoke_workflow_duration_count")).toBe(1);
  });

  test("that a budget ended says so", async () => {
    const error = Object.assign(new Error("402"), { code: "tollgate_budget_exceeded" });
    await expect(traceTask("t-1", () => Promise.reject(error))).rejects.toBe(error);
    expect(spanNamed("invoke_workflow t-1")?.attributes["error.type"]).toBe(
      "tollgate_budget_exceeded",
    );
  });

  test("that the app aborts is cancelled: an error type, no error status", async () => {
    const runs: Run[] = [];
    const aborted = traceTask("t-1", () => Promise.reject(AbortSignal.abort().reason), {
      onEnd: (run) => runs.push(run),
    });
    await expect(aborted).rejects.toThrow("aborted");
    expect(runs).toMatchObject([{ outcome: "cancelled", errorType: "AbortError" }]);
    expect(spanNamed("invoke_workflow t-1")?.status.code).toBe(SpanStatusCode.UNSET);
  });

  test("never shows a thrown text", () => {
    const runs: Run[] = [];
    const codes = Object.assign(new Error("x"), { code: "my secret prompt" });
    expect(() =>
      traceTask(
        "t-1",
        () => {
          throw codes;
        },
        { onEnd: (run) => runs.push(run) },
      ),
    ).toThrow(codes);
    expect(runs).toMatchObject([{ errorType: "_OTHER" }]);
  });
});

test("nothing is told before a run ends, and its end is told once", async () => {
  const runs: Run[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  const traced = traceAgent("planner", () => promise, { onEnd: (run) => runs.push(run) });
  expect([runs.length, telemetry.spans().length]).toEqual([0, 0]);
  resolve(7);
  expect(await traced).toBe(7);
  expect([runs.length, telemetry.spans().length]).toEqual([1, 1]);
  expect(currentAttribution()).toBeUndefined();
});

function fail(): never {
  throw new RangeError("no");
}
