import type { AgentRun, TaskRun, ToolRun } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { createRunMetering } from "../src/index.ts";
import { captureMetering, captureMetrics } from "./capture-metrics.ts";

const ENDED = {
  attribution: { organization: "acme", project: "atlas", agent: "planner", task: "t-1" },
  durationMs: 1_500,
  outcome: "completed",
  errorType: undefined,
} as const;
const AGENT: AgentRun = {
  ...ENDED,
  kind: "agent",
  name: "planner",
  inferenceCalls: 3,
  toolCalls: 0,
};
const TOOL: ToolRun = { ...ENDED, kind: "tool", name: "search", type: "function" };
const TASK: TaskRun = { ...ENDED, kind: "task", id: "t-1", workflow: "support" };

const PLACE = { "tollgate.organization": "acme", "tollgate.project": "atlas" };

const doubling = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, power) => Number((first * 2 ** power).toFixed(2)));

describe("runs", () => {
  it("of agents give a duration and two counts, zeros too", async () => {
    const { metering, collect } = captureMetering();
    metering.recordRun(AGENT);
    const snapshot = await collect();
    const attributes = { ...PLACE, "gen_ai.agent.name": "planner" };
    const points = (name: string) => snapshot.histograms(`gen_ai.invoke_agent.${name}`);
    expect(points("duration")).toMatchObject([{ attributes, value: { sum: 1.5, count: 1 } }]);
    expect(points("inference_calls")).toMatchObject([{ attributes, value: { sum: 3, count: 1 } }]);
    expect(points("tool_calls")).toMatchObject([{ attributes, value: { sum: 0, count: 1 } }]);
  });

  it("of tools name tool, type and agent; of tasks the workflow, never the id", async () => {
    const { metering, collect } = captureMetering();
    metering.recordRun(TOOL);
    metering.recordRun(TASK);
    const snapshot = await collect();
    expect(snapshot.histograms("gen_ai.execute_tool.duration")[0]?.attributes).toEqual({
      ...PLACE,
      "gen_ai.tool.name": "search",
      "gen_ai.tool.type": "function",
      "gen_ai.agent.name": "planner",
    });
    expect(snapshot.histograms("gen_ai.invoke_workflow.duration")[0]?.attributes).toEqual({
      ...PLACE,
      "gen_ai.workflow.name": "support",
    });
  });

  it("that failed have an error type on the duration only", async () => {
    const { metering, collect } = captureMetering();
    metering.recordRun({ ...AGENT, outcome: "failed", errorType: "TypeError" });
    const snapshot = await collect();
    const first = (name: string) => snapshot.histograms(`gen_ai.invoke_agent.${name}`)[0];
    expect(first("duration")?.attributes).toMatchObject({ "error.type": "TypeError" });
    expect(first("tool_calls")?.attributes).not.toHaveProperty("error.type");
  });

  it("have the buckets of the conventions", async () => {
    const { metering, collect } = captureMetering();
    for (const run of [AGENT, TOOL, TASK]) metering.recordRun(run);
    const snapshot = await collect();
    const boundaries = (name: string) => snapshot.histograms(name)[0]?.value.buckets.boundaries;
    expect(boundaries("gen_ai.invoke_agent.duration")).toEqual(doubling(0.1, 13));
    expect(boundaries("gen_ai.invoke_agent.inference_calls")).toEqual(doubling(1, 8));
    expect(boundaries("gen_ai.invoke_agent.tool_calls")).toEqual(doubling(1, 8));
    expect(boundaries("gen_ai.execute_tool.duration")).toEqual(doubling(0.01, 14));
    expect(boundaries("gen_ai.invoke_workflow.duration")).toEqual([
      1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200,
    ]);
  });

  it("leave out the labels that are not wanted", async () => {
    const { metering, collect } = captureMetering({ labels: ["project"] });
    metering.recordRun(AGENT);
    expect((await collect()).histograms("gen_ai.invoke_agent.duration")[0]?.attributes).toEqual({
      "tollgate.project": "atlas",
    });
  });

  it("stay within the limit on series, whatever names and errors come", async () => {
    const { metering, collect } = captureMetering({ maxSeries: 20 });
    for (let index = 0; index < 100; index++) {
      metering.recordRun({ ...AGENT, name: `agent-${index}`, errorType: `E${index % 7}` });
    }
    const snapshot = await collect();
    for (const name of ["duration", "inference_calls", "tool_calls"]) {
      const points = snapshot.histograms(`gen_ai.invoke_agent.${name}`);
      expect(points.length).toBeLessThanOrEqual(20);
      expect(points.reduce((sum, { value }) => sum + value.count, 0)).toBe(100);
    }
  });

  it("go to the meter bound last, and nowhere without one", async () => {
    const runs = createRunMetering();
    const [first, second] = [captureMetrics(), captureMetrics()];
    runs.record(AGENT);
    runs.bind(first.meter);
    const unbind = runs.bind(second.meter);
    runs.record(AGENT);
    unbind();
    unbind();
    runs.record(AGENT);
    const count = async ({ collect }: typeof first) =>
      (await collect()).histograms("gen_ai.invoke_agent.duration")[0]?.value.count;
    expect([await count(first), await count(second)]).toEqual([1, 1]);
  });
});
