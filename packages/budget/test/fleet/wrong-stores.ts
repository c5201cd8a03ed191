import type { BudgetStore, Hold, HoldRefusal, ReserveAnswer } from "../../src/index.ts";
import type { Cells } from "./cells.ts";

/** Looks whether anything is left, lets the call go, adds its cost when it is known. */
export function checkThenCharge(cells: Cells): BudgetStore {
  const running = new Map<string, readonly Hold[]>();
  return wrongStore(cells, {
    async reserve(leaseId, holds) {
      for (const [index, { counter }] of holds.entries()) {
        const left = counter.limit - (await cells.read(counter.key));
        if (left <= 0) return refused(index, counter.limit, left);
      }
      running.set(leaseId, holds);
      return { outcome: "granted", remaining: holds.map(() => 0), notices: [] };
    },
    async end(leaseId, amounts) {
      const holds = running.get(leaseId) ?? [];
      running.delete(leaseId);
      for (const [index, { counter }] of holds.entries()) {
        await cells.add(counter.key, amounts?.[index] ?? 0);
      }
    },
  });
}

/** Adds to each counter on its own, as much as still fits, and lets the call run as it is. */
export function shrunkenHolds(cells: Cells): BudgetStore {
  const running = new Map<string, readonly (readonly [string, number])[]>();
  return wrongStore(cells, {
    async reserve(leaseId, holds) {
      const held: [string, number][] = [];
      for (const [index, { counter, amount }] of holds.entries()) {
        const left = counter.limit - (await cells.read(counter.key));
        if (left <= 0) {
          for (const [key, given] of held) await cells.add(key, -given);
          return refused(index, counter.limit, left);
        }
        held.push([counter.key, Math.min(amount, left)]);
        await cells.add(counter.key, Math.min(amount, left));
      }
      running.set(leaseId, held);
      return { outcome: "granted", remaining: holds.map(() => 0), notices: [] };
    },
    async end(leaseId, amounts) {
      const held = running.get(leaseId) ?? [];
      running.delete(leaseId);
      for (const [index, [key, given]] of held.entries()) {
        await cells.add(key, (amounts?.[index] ?? 0) - given);
      }
    },
  });
}

interface Algorithm {
  reserve(leaseId: string, holds: readonly Hold[]): Promise<ReserveAnswer>;
  end(leaseId: string, amounts: readonly number[] | undefined): Promise<void>;
}

function wrongStore(cells: Cells, { reserve, end }: Algorithm): BudgetStore {
  const endAnd = async (leaseId: string, amounts?: readonly number[]) => {
    await end(leaseId, amounts);
    return { notices: [] };
  };
  return {
    scope: "shared",
    reserve: ({ leaseId, holds }) => reserve(leaseId, holds),
    settle: endAnd,
    release: (leaseId) => endAnd(leaseId),
    renew: () => undefined,
    control: () => undefined,
    topUp: () => undefined,
    states: () => ({ states: [], controls: [], notices: [] }),
    close: () => cells.close(),
  };
}

function refused(index: number, limit: number, remaining: number): ReserveAnswer {
  const refusal: HoldRefusal = { index, frozen: false, limit, remaining, resetsAtMs: undefined };
  return { outcome: "refused", refusals: [refusal], notices: [] };
}
