import { diag } from "@opentelemetry/api";
import type { BudgetProcessor } from "@tollgate/budget";
import type { ChargesFor, Ledger, PendingCharge } from "@tollgate/ledger";
import { groupCharges } from "./charge-groups.ts";
import { createBarrier } from "./barrier.ts";
import { readCharges } from "./read-charges.ts";

/** Charges budgets for what the ledger has booked, each charge once, also when the process dies in between. */
export interface Charger {
  /** What is to be charged for events; a booking writes it down in its transaction, and {@link charge} follows. */
  readonly chargesFor: ChargesFor;
  /** Makes the charges of a booking. They stay written down while the budget store is away. */
  charge(charges: readonly PendingCharge[]): Promise<void>;
  /** Makes those that had to stay written down, once the budget store takes one of them; asked in every round. */
  catchUp(): Promise<void>;
  /** Makes charges that another process, or this one before it started again, has left. */
  recover(beforeMs: number): Promise<number>;
}

export interface ChargerOptions {
  readonly ledger: Pick<Ledger, "pendingCharges" | "confirmCharges">;
  readonly budget: Pick<BudgetProcessor, "charge">;
  /** Unique to this process. */
  readonly owner: string;
  /** Hears of each charge that had to stay written down. */
  readonly onDeferred: () => void;
}

export function createCharger({ ledger, budget, owner, onDeferred }: ChargerOptions): Charger {
  let written = 0;
  /** Ids of charges that are being made. */
  const underway = new Set<string>();
  /** Some stay written down. What comes joins them: nobody waits time after time for a store that does not answer. */
  let isBehind = false;
  let deferrals = 0;

  /**
   * The store holds the amounts first, then the ledger forgets the charge, then the holds become spend. A crash leaves either a
   * charge that is made again under its id, which holds nothing twice, or holds of just those amounts, which the store charges by
   * itself.
   */
  async function make({ id, payload }: PendingCharge): Promise<void> {
    const charges = readCharges(payload);
    if (charges.length === 0) return ledger.confirmCharges([id]);
    const allHeld = createBarrier(charges.length, () => ledger.confirmCharges([id]));
    const made = await Promise.allSettled(
      charges.map((charge) => {
        const done = Promise.resolve(budget.charge(charge, allHeld.arrive));
        return done.catch((error: unknown) => {
          allHeld.fail(error);
          throw error;
        });
      }),
    );
    const failed = made.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** @returns whether it is made */
  async function tryToMake(charge: PendingCharge): Promise<boolean> {
    underway.add(charge.id);
    try {
      await make(charge);
      return true;
    } catch (error) {
      diag.warn("tollgate: what was booked is not charged to its budgets yet", error);
      return false;
    } finally {
      underway.delete(charge.id);
    }
  }

  async function makeAll(charges: readonly PendingCharge[]): Promise<number> {
    const made = await Promise.all(charges.map(tryToMake));
    const failed = made.filter((isMade) => !isMade).length;
    defer(failed);
    return made.length - failed;
  }

  function defer(count: number): void {
    if (count > 0) isBehind = true;
    deferrals += count;
    for (let told = 0; told < count; told++) onDeferred();
  }

  async function catchUp(): Promise<void> {
    while (isBehind) {
      const before = deferrals;
      // oxlint-disable-next-line no-await-in-loop -- what is deferred meanwhile is looked for again
      const own = await ledger.pendingCharges({ owner });
      const left = own.filter(({ id }) => !underway.has(id));
      if (left.length === 0 && deferrals === before) isBehind = false;
      for (const charge of left) {
        // oxlint-disable-next-line no-await-in-loop -- while one cannot be made, the others cannot either
        if (!(await tryToMake(charge))) return;
      }
    }
  }

  return {
    chargesFor(fresh) {
      if (fresh.length === 0) return [];
      const id = `charge~${owner}~${++written}`;
      const payload = groupCharges(id, fresh);
      return payload.length === 0 ? [] : [{ id, owner, payload }];
    },
    async charge(charges) {
      if (isBehind) defer(charges.length);
      else await makeAll(charges);
    },
    catchUp,
    async recover(beforeMs) {
      const left = await ledger.pendingCharges({ beforeMs });
      return makeAll(left.filter(({ id }) => !underway.has(id)));
    },
  };
}
