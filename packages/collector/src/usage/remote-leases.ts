import type { BudgetRefusal, BudgetUnit, Clock } from "@tollgate/core";
import type { Amounts, BudgetCall, BudgetProcessor } from "@tollgate/budget";
import type { Caller } from "../access/caller.ts";
import { RequestError } from "./request-error.ts";

/** A hold for a program elsewhere, or why there is none. */
export type RemoteReservation =
  | { readonly granted: true; readonly lease: string; readonly expiresMs: number }
  | { readonly granted: false; readonly refusal: BudgetRefusal };

/**
 * Leases of programs elsewhere. What names a lease says all that ending it takes, so that any replica over the same store can end it.
 */
export interface RemoteLeases {
  reserve(caller: Caller, call: BudgetCall, leaseMs: number): Promise<RemoteReservation>;
  /** @throws RequestError when this is no lease's name, or of another tenant. */
  check(caller: Caller, lease: string): void;
  /** @throws RequestError when this is no lease's name, or of another tenant. */
  settle(caller: Caller, lease: string, used: Amounts): Promise<void>;
  release(caller: Caller, lease: string): Promise<void>;
}

const LETTERS: Readonly<Record<BudgetUnit, string>> = { usd: "u", tokens: "t", requests: "r" };
const UNITS: ReadonlyMap<string, BudgetUnit> = new Map([
  ["u", "usd"],
  ["t", "tokens"],
  ["r", "requests"],
]);
const LEASE = /^([utr]*)\.(.{1,500})$/;

export function createRemoteLeases(
  budget: Pick<BudgetProcessor, "reserve" | "endLease">,
  clock: Clock,
): RemoteLeases {
  return {
    async reserve(caller, call, leaseMs) {
      const id = prefixOf(caller) + call.id;
      const decision = await budget.reserve({ ...call, id, leaseMs });
      if (!decision.granted) return { granted: false, refusal: decision.refusal };
      const letters = decision.lease.units.map((unit) => LETTERS[unit]).join("");
      return {
        granted: true,
        lease: `${letters}.${id}`,
        expiresMs: clock.now() + leaseMs,
      };
    },
    check(caller, lease) {
      parse(caller, lease);
    },
    async settle(caller, lease, used) {
      const { id, units } = parse(caller, lease);
      if (units.includes("usd") && used.nanoUsd === undefined) {
        throw new RequestError(
          "invalid",
          "cost_usd: this lease holds US dollars and no price is known; give cost_usd, or the provider and the model",
        );
      }
      await budget.endLease(id, units, used);
    },
    async release(caller, lease) {
      const { id, units } = parse(caller, lease);
      await budget.endLease(id, units, undefined);
    },
  };
}

/** Callers choose ids: those of one tenant are no other's, and no name is the beginning of another. */
function prefixOf({ organization }: Caller): string {
  if (organization === undefined) return "";
  return `${organization.replaceAll(/[%/]/g, encodeURIComponent)}/`;
}

function parse(
  caller: Caller,
  lease: string,
): { readonly id: string; readonly units: readonly BudgetUnit[] } {
  const [, letters, id] = LEASE.exec(lease) ?? [];
  if (letters === undefined || id === undefined || !id.startsWith(prefixOf(caller))) {
    throw new RequestError("invalid", "lease: is none that this collector gave out");
  }
  return { id, units: letters.split("").flatMap((letter) => UNITS.get(letter) ?? []) };
}
