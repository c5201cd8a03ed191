import type { CounterState } from "../../src/index.ts";
import type { Address } from "./stores.ts";

/** What a worker is told, one JSON line each. */
export type Command =
  | {
      readonly do: "begin";
      readonly store: string;
      readonly address: Address;
      /** Of its calls; the ids of a worker's calls begin with its name. */
      readonly seed: number;
      readonly orderly: boolean;
      readonly name: string;
      /** Where it writes down what happens, and the journal. */
      readonly files: WorkerFiles;
      /** What its clock is ahead of the machine's. */
      readonly aheadMs: number;
    }
  /** Makes so many calls at once. */
  | { readonly do: "spend"; readonly calls: number }
  | { readonly do: "advance"; readonly byMs: number }
  /** Ends the calls whose leases have expired. */
  | { readonly do: "settleLate" }
  /** Asks until the store answers. */
  | { readonly do: "states" }
  | { readonly do: "end" };

export interface WorkerFiles {
  readonly record: string;
  readonly journal: string;
}

/** What a worker says when it has done so; a line `sent` tells of each call that has left. */
export interface Reply {
  readonly did: Command["do"];
  readonly states?: readonly Pick<CounterState, "counter" | "spent" | "reserved">[];
}

/**
 * What a worker writes down of a call, in the order in which it happens, before anything else does: one of these,
 * the call's id, an amount in nano-USD, the machine's time, and the agent that asks or `at-once` of a call that was sent
 * without waiting for an answer of the store.
 *
 * - `asked`: with the most it may cost, before the store hears of it;
 * - `sent`: with its cost. From now on the provider charges it, whatever becomes of the process;
 * - `ended`: the store has acknowledged what it cost;
 * - `freed`: the store has acknowledged that it was not billed.
 */
export type RecordKind = "asked" | "sent" | "ended" | "freed";
