import { TollgateError, usdToNanoUsd, type BudgetUnit, type Clock } from "@tollgate/core";
import type { Journal } from "../journal/journal.ts";
import type { BudgetControl, BudgetOperations, BudgetTarget, UnitAmounts } from "../operations.ts";
import { counterOf, type CompiledLimit, type CompiledPolicy } from "../policy/compile.ts";
import { freezeKey, limitKey, readControlKey, type Scope } from "../policy/control-keys.ts";
import type { Control, MaybePromise } from "../store/store.ts";
import type { RulesInForce } from "./rules.ts";
import type { StoreAccess } from "./store-access.ts";

type Operator = Pick<
  BudgetOperations,
  "freeze" | "unfreeze" | "topUp" | "override" | "endOverride" | "controls"
>;

export interface OperatorOptions {
  readonly rules: RulesInForce;
  readonly store: StoreAccess;
  readonly clock: Clock;
  readonly journal: Journal | undefined;
  /** Hears when calls that wait for a budget may have room. */
  readonly onEased: (budget: string) => void;
}

type ControlKind = Parameters<Journal["control"]>[0];

const UNITS = ["usd", "tokens", "requests"] as const satisfies readonly BudgetUnit[];

/** Carries out what operators ask for. */
export function createOperator(options: OperatorOptions): Operator {
  const { rules, store, clock, journal, onEased } = options;

  function policyOf(budget: string): CompiledPolicy {
    const { byId } = rules.current;
    const policy = byId.get(budget);
    if (policy !== undefined) return policy;
    const known = [...byId.keys()].join(", ") || "none";
    throw new TollgateError(
      "TOLLGATE_BUDGET_UNKNOWN",
      `There is no budget ${JSON.stringify(budget)}; there are: ${known}`,
    );
  }

  /** @throws TollgateError when the scope is neither the whole budget nor one counter's. */
  function aimAt({ budget, scope = {} }: BudgetTarget): [CompiledPolicy, Scope] {
    const policy = policyOf(budget);
    const names = Object.keys(scope);
    const each: readonly string[] = policy.each;
    const complete = each.length === names.length && each.every((key) => names.includes(key));
    if (names.length === 0 || complete) return [policy, scope];
    const wanted = each.length === 0 ? "no scope: it is one counter" : `${each.join(", ")} or none`;
    throw invalid(`budget ${budget} has no scope of ${names.join(", ")}; name ${wanted}`);
  }

  function untilAhead(untilMs: number): number {
    if (untilMs > clock.now()) return untilMs;
    throw invalid(`untilMs ${untilMs} is over; give a time ahead, in milliseconds since 1970`);
  }

  async function lay(
    kind: ControlKind,
    budget: string,
    keys: readonly (readonly [string, Control | undefined])[],
  ): Promise<void> {
    for (const [key, control] of keys) {
      const atMs = clock.now();
      // oxlint-disable-next-line no-await-in-loop -- a budget has at most three units
      await answered(() => store.control(key, control));
      journal?.control(kind, key, control, atMs);
    }
    onEased(budget);
  }

  return {
    async freeze({ untilMs, ...target }) {
      const [{ id }, scope] = aimAt(target);
      const until = untilMs === undefined ? {} : { untilMs: untilAhead(untilMs) };
      await lay("freeze", id, [[freezeKey(id, scope), { frozen: true, ...until }]]);
    },
    async unfreeze(target) {
      const [{ id }, scope] = aimAt(target);
      await lay("unfreeze", id, [[freezeKey(id, scope), undefined]]);
    },
    async topUp({ amount, id = crypto.randomUUID(), ...target }) {
      const [policy, scope] = aimAt(target);
      if (Object.keys(scope).length !== policy.each.length) {
        throw invalid(`budget ${policy.id} is split; name the scope: ${policy.each.join(", ")}`);
      }
      for (const [limit, added] of amountsOf(policy, amount)) {
        const counter = counterOf(policy, limit, scope);
        const topUp = { id: `${counter.key} ${id}`, counter, amount: added };
        const atMs = clock.now();
        // oxlint-disable-next-line no-await-in-loop -- a budget has at most three units
        await answered(() => store.topUp(topUp));
        journal?.topUp(topUp, atMs);
      }
      onEased(policy.id);
    },
    async override({ limit, untilMs, ...target }) {
      const [policy, scope] = aimAt(target);
      const until = untilAhead(untilMs);
      const keys = amountsOf(policy, limit).map(
        ([{ unit }, amount]) =>
          [limitKey(policy.id, unit, scope), { limit: amount, untilMs: until }] as const,
      );
      await lay("override", policy.id, keys);
    },
    async endOverride(target) {
      const [{ id }, scope] = aimAt(target);
      const keys = UNITS.map((unit) => [limitKey(id, unit, scope), undefined] as const);
      await lay("override_ended", id, keys);
    },
    async controls() {
      const answer = await store.states();
      if (answer === undefined) throw unavailable(undefined);
      const { byId } = rules.current;
      return answer.controls.flatMap(({ key, limit, untilMs }): BudgetControl[] => {
        const target = readControlKey(key);
        // A shared store may hold those of other processors.
        return target !== undefined && byId.has(target.budget)
          ? [{ ...target, limit, untilMs }]
          : [];
      });
    },
  };
}

function amountsOf(policy: CompiledPolicy, amounts: UnitAmounts): [CompiledLimit, number][] {
  const asked = UNITS.filter((unit) => amounts[unit] !== undefined);
  if (asked.length === 0) throw invalid("no amount: name usd, tokens or requests");
  return asked.map((unit) => {
    const limit = policy.limits.find((one) => one.unit === unit);
    if (limit === undefined) throw invalid(`budget ${policy.id} does not limit ${unit}`);
    return [limit, wholeAmount(unit, amounts[unit] ?? 0)];
  });
}

function wholeAmount(unit: BudgetUnit, amount: number): number {
  if (unit === "usd") {
    if (amount > 0 && amount <= 9_000_000) return usdToNanoUsd(amount);
    throw invalid(`${amount} USD is no amount above 0 and at most 9000000`);
  }
  if (Number.isSafeInteger(amount) && amount > 0) return amount;
  throw invalid(`${amount} is no whole number of ${unit} above 0`);
}

function invalid(message: string): TollgateError {
  return new TollgateError("TOLLGATE_OPERATION_INVALID", message);
}

function unavailable(cause: unknown): TollgateError {
  const message = "The budget store does not answer; what was asked may or may not be in force";
  return new TollgateError("TOLLGATE_STORE_UNAVAILABLE", message, { cause });
}

async function answered(run: () => MaybePromise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw unavailable(error);
  }
}
