import type { Ledger } from "../../ledger.ts";

export interface ContractContext {
  readonly ledger: Ledger;
  readonly clock: { now(): number };
}

/** States a fact of every ledger; it gets an empty one. */
export type ContractTest = (
  fact: string,
  run: (context: ContractContext) => Promise<void>,
  limits?: { readonly cellsPerHour?: number; readonly subjectsPerHour?: number },
) => void;
