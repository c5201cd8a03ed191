import { captureTelemetry, parsePrometheusText, type TelemetryCapture } from "@tollgate/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMemoryStore, type BudgetStore } from "../src/index.ts";
import { bench, by, call, dollars, now, policy, type Bench } from "./budget-call.ts";

const MIDNIGHT = Date.UTC(2026, 2, 5);

function sumOf(amounts: ReadonlyMap<unknown, number>): number {
  return [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
}

describe("the instruments of a processor", () => {
  let telemetry: TelemetryCapture;
  beforeEach(() => {
    telemetry = captureTelemetry();
  });
  afterEach(() => telemetry.shutdown());

  const bind = ({ processor }: Bench): (() => void) =>
    processor.bind(telemetry.meterProvider.getMeter("test"));
  const value = (name: string, labels?: Record<string, string>): Promise<number | undefined> =>
    telemetry.value(`tollgate_budget_${name}`, labels);

  test("show limit, spend, holds and what remains in every unit", async () => {
    const tested = bench([policy({ id: "team", limit: { usd: 10, tokens: 1_000, requests: 4 } })]);
    bind(tested);
    tested.spend(2.5);
    tested.lease();
    const labels = { tollgate_budget: "team", tollgate_budget_scope: "process" };
    expect(await value("limit_usd", labels)).toBe(10);
    expect(await value("spent_usd", labels)).toBe(2.5);
    expect(await value("reserved_usd", labels)).toBe(1);
    expect(await value("remaining_usd", labels)).toBe(6.5);
    expect(await value("spent_tokens", labels)).toBe(250);
    expect(await value("reserved_requests", labels)).toBe(1);
    expect(
      await value("utilization_ratio", labels).then(
        (found) => found ?? value("utilization", labels),
      ),
    ).toBe(0.5);
    expect(await value("window_end_seconds", labels)).toBe(MIDNIGHT / 1000);
  });

  test("show a budget from the start and nothing spent once its window has ended", async () => {
    const tested = bench([policy({ limit: { usd: 10 } })]);
    bind(tested);
    expect(await value("spent_usd")).toBe(0);
    expect(await value("limit_usd")).toBe(10);
    tested.spend(4);
    tested.lease();
    expect(await value("spent_usd")).toBe(4);
    await tested.clock.advance(12 * 3_600_000);
    expect(await value("spent_usd")).toBe(0);
    expect(await value("reserved_usd")).toBe(0);
    expect(await value("window_end_seconds")).toBe(Date.UTC(2026, 2, 6) / 1000);
  });

  test("show by how much the calls under way may take a bounded budget above its limit", async () => {
    const tested = bench([
      policy({ id: "bounded", limit: { usd: 100 } }),
      policy({ id: "tokens", limit: { tokens: 10_000 } }),
      policy({ id: "hard", limit: { usd: 100 }, guarantee: "hard", onExceed: "alert" }),
    ]);
    bind(tested);
    const exposed = (budget: string): Promise<number | undefined> =>
      value("exposure_usd", { tollgate_budget: budget });
    expect(await exposed("bounded")).toBe(0);
    expect(await exposed("hard")).toBeUndefined();
    expect(await exposed("tokens")).toBeUndefined();
    let asked = 0;
    const bound = (): ReturnType<typeof dollars> => {
      asked++;
      return dollars(5);
    };
    const leases = [tested.lease(call({ bound })), tested.lease(call({ most: 3 }))];
    asked = 0;
    tested.lease(call({ bound: () => ({ unboundable: "it keeps a conversation" }) }));
    expect(await exposed("bounded")).toBe(4 + 2);
    expect(await value("exposure_unbounded", { tollgate_budget: "bounded" })).toBe(1);
    await exposed("bounded");
    expect(asked).toBe(1);
    now(leases[0]?.growth?.()?.extend({ input: dollars(0), used: dollars(1) }, false));
    expect(await exposed("bounded")).toBe(3 + 2);
    for (const lease of leases) void lease.settle(dollars(1));
    expect(await exposed("bounded")).toBe(0);
  });

  test("split a budget by organisation, project, agent, provider and model", async () => {
    const tested = bench([
      policy({ id: "split", each: ["organization", "project", "agent", "provider", "model"] }),
    ]);
    bind(tested);
    tested.spend(1, by({ organization: "acme", project: "atlas", agent: "coder" }));
    tested.spend(2, by({ organization: "acme", project: "atlas", agent: "critic" }));
    expect(await value("spent_usd", { tollgate_agent: "critic" })).toBe(2);
    expect(
      await value("spent_usd", {
        tollgate_organization: "acme",
        tollgate_project: "atlas",
        gen_ai_provider_name: "openai",
        gen_ai_request_model: "gpt-5",
      }),
    ).toBe(3);
  });

  test("show only the highest utilization of a budget split by task, user or session", async () => {
    const tested = bench([policy({ id: "tasks", window: "task", each: ["project"] })]);
    bind(tested);
    tested.spend(1, by({ project: "atlas", task: "t1" }));
    tested.spend(7, by({ project: "atlas", task: "t2" }));
    const text = await telemetry.prometheusText();
    expect(text).not.toContain("t2");
    expect(text.match(/^tollgate_budget_utilization.*\} /gm)).toHaveLength(1);
    expect(text).toMatch(/^tollgate_budget_utilization\S*\{[^}]*"tasks"[^}]*\} 0\.7/m);
    expect(await value("spent_usd")).toBeUndefined();
  });

  /** Of one scrape; the rest, which has no agent, is the overflow. */
  async function spentByAgent(): Promise<ReadonlyMap<string | undefined, number>> {
    const families = parsePrometheusText(await telemetry.prometheusText());
    const spent = families.find(({ name }) => name === "tollgate_budget_spent_usd");
    return new Map(
      spent?.samples.map(({ labels, value: usd }) => {
        const agent =
          labels["otel_metric_overflow"] === "true" ? undefined : labels["tollgate_agent"];
        return [agent, usd];
      }),
    );
  }
  test("stay below the reader's limit on series, without losing sums", async () => {
    const tested = bench([policy({ id: "agents", each: ["agent"] })]);
    bind(tested);
    for (let agent = 0; agent < 2_500; agent++) tested.spend(1, by({ agent: `agent-${agent}` }));
    tested.spend(3, by({ agent: "agent-0" }));
    const first = await spentByAgent();
    expect(first.size).toBe(1_900);
    expect(sumOf(first)).toBe(2_503);
    expect(first.get("agent-0")).toBe(4);
    expect(first.get(undefined)).toBe(2_500 - 1_899);
    tested.spend(9, by({ agent: "agent-2499" }));
    const second = await spentByAgent();
    expect(sumOf(second)).toBe(2_512);
    expect(second.get(undefined)).toBe(2_509 - 1_899);
  });

  test("count decisions by budget, action and reason", async () => {
    const tested = bench([
      policy({ id: "a", limit: { usd: 2.5 } }),
      policy({ id: "b", limit: { usd: 100 } }),
    ]);
    bind(tested);
    tested.lease();
    tested.lease();
    now(tested.processor.reserve(call()));
    expect(
      await value("decisions_total", { tollgate_budget: "a", tollgate_budget_action: "allow" }),
    ).toBe(2);
    expect(
      await value("decisions_total", { tollgate_budget: "b", tollgate_budget_action: "allow" }),
    ).toBe(2);
    expect(
      await value("decisions_total", {
        tollgate_budget: "a",
        tollgate_budget_action: "deny",
        tollgate_budget_reason: "exceeded",
      }),
    ).toBe(1);
    expect(await value("decisions_total", { tollgate_budget_action: "deny" })).toBe(1);
  });

  test("count what was charged above holds, but not above the nothing that advisory budgets hold", async () => {
    const tested = bench([
      policy({ id: "bounded" }),
      policy({ id: "advisory", guarantee: "advisory" }),
    ]);
    bind(tested);
    tested.spend(1.75);
    tested.spend(0.5);
    expect(await value("overrun_usd_total", { tollgate_budget: "bounded" })).toBe(0.75);
    expect(await value("overrun_usd_total", { tollgate_budget: "advisory" })).toBe(0);
  });

  test("count what was presumed of calls that never ended", async () => {
    const tested = bench([policy({ id: "team" })], { maxLeaseMs: 1_000 });
    bind(tested);
    const lost = tested.lease();
    await tested.clock.advance(30_000);
    expect(await value("presumed_usd_total", { tollgate_budget: "team" })).toBe(0);
    await tested.clock.advance(120_000);
    expect(await value("presumed_usd_total", { tollgate_budget: "team" })).toBe(1);
    void lost.settle(dollars(0.5));
    expect(await value("spent_usd")).toBe(0.5);
  });

  test("record how long throttled calls waited", async () => {
    const tested = bench([policy({ id: "slow", limit: { usd: 1 }, onExceed: "throttle" })]);
    bind(tested);
    const first = tested.lease();
    expect(await value("throttle_seconds_count")).toBeUndefined();
    const waiting = tested.processor.reserve(call());
    await tested.clock.advance(1_500);
    void first.release();
    await waiting;
    expect(await value("throttle_seconds_count", { tollgate_budget: "slow" })).toBe(1);
    expect(await value("throttle_seconds_sum")).toBe(1.5);
    expect(await value("decisions_total", { tollgate_budget_action: "throttle" })).toBe(1);
  });

  test("record how long a store takes that answers later, and its failures", async () => {
    const memory = createMemoryStore();
    let broken = false;
    const store: BudgetStore = {
      ...memory,
      scope: "shared",
      async reserve(request) {
        if (broken) throw new Error("connection refused");
        return memory.reserve(request);
      },
    };
    const tested = bench([policy()], { store });
    bind(tested);
    await tested.processor.reserve(call());
    expect(await value("reserve_seconds_count")).toBe(1);
    expect(await value("spent_usd", { tollgate_budget_scope: "shared" })).toBe(0);
    broken = true;
    await tested.processor.reserve(call());
    expect(await value("store_errors_total")).toBe(1);
    expect(await value("decisions_total", { tollgate_budget_reason: "store_unavailable" })).toBe(1);
  });

  test("that are bound late show what was counted before, and end when taken off", async () => {
    const tested = bench([policy()]);
    tested.spend(2);
    const unbind = bind(tested);
    expect(await value("decisions_total")).toBe(1);
    expect(await value("spent_usd")).toBe(2);
    unbind();
    tested.spend(1);
    // The SDK shows what was observed last.
    expect(await value("spent_usd")).toBe(2);
  });

  test("come with those of the aggregates", async () => {
    const bound: string[] = [];
    const aggregates = {
      record: () => void bound.push("record"),
      recordRun: () => void bound.push("run"),
      bind: () => {
        bound.push("bind");
        return () => void bound.push("unbind");
      },
      totals: () => [],
    };
    const unbind = bind(bench([policy()], { aggregates }));
    unbind();
    expect(bound).toEqual(["bind", "unbind"]);
  });
});
