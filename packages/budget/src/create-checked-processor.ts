import { systemClock, TollgateError, type Clock } from "@tollgate/core";
import { createMetering, type Metering } from "@tollgate/metering";
import type { AggregateSource } from "./aggregates/source.ts";
import { createAdvisedReserve } from "./engine/advised-reserve.ts";
import { createJournal } from "./journal/journal.ts";
import type { JournalEvent } from "./journal/events.ts";
import { createCharger } from "./engine/charge.ts";
import { createDecisionCounts } from "./engine/decision-counts.ts";
import { createExplainer } from "./engine/explain.ts";
import { createExposureReader } from "./engine/exposure.ts";
import { createOperator } from "./engine/operator.ts";
import { createGate } from "./engine/gate.ts";
import { createListeners } from "./engine/listeners.ts";
import { createNewsDesk } from "./engine/news.ts";
import { checkAdvised, openAggregates } from "./engine/open-aggregates.ts";
import { createRules, type BudgetRules, type Rules } from "./engine/rules.ts";
import { createOpenLeases, LEASE_TTL_MS } from "./engine/open-leases.ts";
import { createStateReader } from "./engine/read-states.ts";
import { createStoreAccess } from "./engine/store-access.ts";
import type { RunawayAlert } from "./guard/guard-policy.ts";
import { createGuardedGate } from "./guard/guarded-gate.ts";
import { createMemoryStore } from "./memory/memory-store.ts";
import { notOfOneOrganization } from "./policy/one-organization.ts";
import type { Policy } from "./policy/policy.ts";
import type { BudgetAlert, BudgetDecisionEvent, BudgetProcessor } from "./processor.ts";
import type { BudgetStore } from "./store/store.ts";
import { createInstruments, type Instruments } from "./telemetry/instruments.ts";

/** What a budget processor is made of besides its policies. */
export interface BudgetProcessorParts {
  /** @defaultValue a memory store: budgets of this process alone, gone when it ends */
  readonly store?: BudgetStore | undefined;
  /** @defaultValue counters of its own */
  readonly aggregates?: Metering | undefined;
  /**
   * What advisory budgets decide on: `createPromQlAggregates` or `createSdkAggregates` of
   * `@tollgate/budget/aggregates`. Closed with the processor.
   *
   * @defaultValue none: they decide on the ledger
   */
  readonly aggregateSource?: AggregateSource | undefined;
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
  /**
   * From 0 up to 1; spreads the tries of throttled calls.
   *
   * @defaultValue `Math.random`
   */
  readonly random?: (() => number) | undefined;
  /**
   * How long the lease of a call that never ends is kept alive, milliseconds. Longer than any honest
   * call takes: after it, and a minute more, the call is charged as held.
   *
   * @defaultValue one hour
   */
  readonly maxLeaseMs?: number | undefined;
  /**
   * Hears of everything that is decided and booked, at once and in order: write it down, and `verifyLedger`
   * proves later that the budgets held. What it throws goes to OpenTelemetry's `diag`.
   *
   * @defaultValue no journal, which costs nothing
   */
  readonly onJournal?: ((event: JournalEvent) => void) | undefined;
}

const HOUR_MS = 3_600_000;

export interface CheckedBudgetProcessorOptions extends BudgetProcessorParts, BudgetRules {}

/**
 * Makes a budget processor of policies that have been checked, without loading what checks them: at the
 * start of a process that takes longer than all the rest.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when the store cannot hold one of the policies.
 */
export function createCheckedBudgetProcessor(
  options: CheckedBudgetProcessorOptions,
): BudgetProcessor {
  const { clock = systemClock, aggregates = createMetering(), random = Math.random } = options;
  const { aggregateSource } = options;
  const alerts = createListeners<BudgetAlert>("budget alerts");
  const decisions = createListeners<BudgetDecisionEvent>("budget decisions");
  const runaways = createListeners<RunawayAlert>("runaway alerts");
  const counts = createDecisionCounts();
  const journal = options.onJournal && createJournal(options.onJournal, clock);
  const rules = { current: rulesOf(options) };
  const advice = openAggregates(aggregateSource, rules.current, aggregates, { clock, random });
  const onNews = createNewsDesk(rules, alerts, counts);
  let storeErrors = 0;
  let instruments: Instruments | undefined;

  const store = createStoreAccess({
    store: options.store ?? createMemoryStore({ clock }),
    reserve: advice && createAdvisedReserve(advice, rules, clock),
    clock,
    ttlMs: LEASE_TTL_MS,
    journal,
    onError: () => storeErrors++,
    onAnswer: (durationMs) => instruments?.recordReserve(durationMs),
  });
  options.store?.listen?.((answer) => {
    journal?.news(answer);
    onNews(answer);
  });
  const open = createOpenLeases(store, clock, options.maxLeaseMs ?? HOUR_MS);
  const onThrottled = (budget: string, durationMs: number): void =>
    instruments?.recordThrottle(budget, durationMs);
  const budgetGate = createGate({
    rules,
    store,
    open,
    clock,
    random,
    counts,
    decisions,
    onNews,
    onThrottled,
  });
  const gate = createGuardedGate({
    gate: budgetGate,
    rules,
    clock,
    isRunning: (callId) => open.leaseOf(callId) !== undefined,
    counts,
    decisions,
    onThrottled,
  });
  const states = createStateReader({
    rules,
    store,
    open,
    clock,
    journal,
    onNews,
    aggregates: advice,
  });
  const exposure = createExposureReader(open, () => rules.current.policies);
  const operator = createOperator({ rules, store, clock, journal, onEased: gate.resetThrottle });

  function rulesOf(written: BudgetRules, before?: Rules): Rules {
    checkAdvised(written.policies, aggregateSource);
    if (options.store?.partition === "organization") requireOneOrganization(written.policies);
    const hasAggregates = aggregateSource !== undefined;
    return createRules(written, { hasAggregates, onRunaway: runaways.tell, before });
  }

  return {
    get readsFingerprints() {
      return rules.current.readsFingerprints;
    },
    reserve: gate.reserve,
    endLease: gate.endLease,
    charge: createCharger(rules, store, clock, onNews),
    record(event) {
      aggregates.record(event);
      advice?.record(event);
    },
    recordRun: (run) => aggregates.recordRun(run),
    states,
    ...operator,
    replacePolicies(written) {
      const before = rules.current;
      rules.current = rulesOf(written, before);
      advice?.follow([...rules.current.advised.values()]);
      gate.rulesReplaced(before);
    },
    resetThrottle: gate.resetThrottle,
    check: gate.check,
    explain: createExplainer(rules, counts),
    leases: open.list,
    onAlert: alerts.add,
    onRunaway: runaways.add,
    onDecision: decisions.add,
    bind(meter) {
      const unbindAggregates = aggregates.bind(meter);
      const unbindAdvice = advice?.bind(meter);
      const own = createInstruments(meter, {
        scope: store.scope,
        rules,
        hasAggregates: advice !== undefined,
        states,
        counts,
        storeErrors: () => storeErrors,
        exposure,
      });
      instruments = own;
      return () => {
        unbindAggregates();
        unbindAdvice?.();
        own.unbind();
        if (instruments === own) instruments = undefined;
      };
    },
    async shutdown() {
      gate.close();
      open.close();
      advice?.close();
      await store.close();
    },
  };
}

function requireOneOrganization(policies: readonly Policy[]): void {
  const problems = policies.flatMap((policy) => {
    const problem = notOfOneOrganization(policy);
    return problem === undefined ? [] : [`  budget "${policy.id}": guarantee: ${problem}`];
  });
  if (problems.length === 0) return;
  const message = `The budgets do not go with their store:\n${problems.join("\n")}`;
  throw new TollgateError("TOLLGATE_CONFIG_INVALID", message);
}
