import { diag } from "@opentelemetry/api";
import type { Clock } from "@tollgate/core";
import { createMemoryStore } from "../memory/memory-store.ts";
import { chain } from "../store/maybe-promise.ts";
import type {
  BudgetStore,
  Control,
  MaybePromise,
  ReserveAnswer,
  StoreAnswer,
  StoreStates,
  TopUp,
} from "../store/store.ts";
import type { Journal } from "../journal/journal.ts";
import type { Reserve } from "./advised-reserve.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import { createKnownFreezes } from "./known-freezes.ts";
import { pickRefusal, refuseFrozen, refuseUnavailable, type Refused } from "./refusal.ts";

/** What was asked of which store: leases end where they began. */
export interface Booking {
  readonly store: BudgetStore;
  readonly leaseId: string;
  readonly holds: readonly PlannedHold[];
  /** The store did not answer; some of the call's holds may be missing. */
  readonly makeshift: boolean;
}

/** Notices are news in either case. */
export type Asked = StoreAnswer & ({ readonly grant: Grant } | { readonly refused: Refused });

/** A call that is let through. */
export interface Grant {
  readonly booking: Booking;
  /** In the order of the booking's holds. */
  readonly remaining: readonly number[];
  /** The cap that the holds count on. */
  readonly maxOutputTokens?: number | undefined;
}

/** A budget store whose failures are answers. */
export interface StoreAccess {
  readonly scope: BudgetStore["scope"];
  reserve(plan: Plan): MaybePromise<Asked>;
  /** What it would answer; `undefined` when it does not. */
  wouldReserve(plan: Plan): MaybePromise<Asked | undefined>;
  /** @throws what the store throws. */
  control(key: string, control: Control | undefined): MaybePromise<void>;
  /** @throws what the store throws. */
  topUp(topUp: TopUp): MaybePromise<void>;
  /** `amounts` in the order of the booking's holds; `undefined` releases. */
  end(booking: Booking, amounts: readonly number[] | undefined): MaybePromise<StoreAnswer>;
  /** Ends a lease of which only its id is known; `undefined` releases. */
  endUnknown(leaseId: string, amounts: readonly number[] | undefined): MaybePromise<StoreAnswer>;
  renew(bookings: readonly Booking[]): void;
  /** `undefined` when the store does not answer. */
  states(): MaybePromise<StoreStates | undefined>;
  close(): Promise<void>;
}

export interface StoreAccessOptions {
  readonly store: BudgetStore;
  readonly clock: Clock;
  readonly ttlMs: number;
  /** @defaultValue the store's own */
  readonly reserve?: Reserve | undefined;
  readonly onError: () => void;
  readonly journal: Journal | undefined;
  /** Hears how long an asynchronous store took to answer. */
  readonly onAnswer: (durationMs: number) => void;
}

type Ending = MaybePromise<StoreAnswer>;

/** How a store is asked for a call. */
type Asking = Plan["call"];

const NO_NEWS: StoreAnswer = { notices: [] };

/**
 * Puts each policy's `onStoreError` between the processor and its store: while the store fails,
 * `closed` policies refuse, `open` ones are passed over, `bounded` ones count in this process, or refuse where the store
 * holds ahead. What was known to be frozen stays so.
 */
export function createStoreAccess(options: StoreAccessOptions): StoreAccess {
  const { store, clock, ttlMs, onError, journal, onAnswer } = options;
  const freezes = createKnownFreezes(clock);
  const reserve: Reserve = options.reserve ?? ((of, request) => of.reserve(request));
  let standIn: BudgetStore | undefined;
  /** Its leases have ids of their own: a call may ask again while the store fails. */
  let standInLeases = 0;

  function failed(operation: string, error: unknown): void {
    onError();
    diag.warn(`tollgate: the budget store failed to ${operation}`, error);
  }

  function attempt<Result>(
    operation: string,
    run: () => MaybePromise<Result>,
    otherwise: () => MaybePromise<Result>,
  ): MaybePromise<Result> {
    const recover = (error: unknown): MaybePromise<Result> => {
      failed(operation, error);
      return otherwise();
    };
    try {
      const result = run();
      return result instanceof Promise ? result.catch(recover) : result;
    } catch (error) {
      return recover(error);
    }
  }

  function ask(booking: Booking, { underway, leaseMs, isForAll }: Asking): MaybePromise<Asked> {
    const { leaseId, holds } = booking;
    const startedMs = clock.monotonic();
    const answer = reserve(booking.store, {
      leaseId,
      ttlMs: leaseMs ?? ttlMs,
      holds,
      evenFrozen: underway,
      isForAll: isForAll === true || leaseMs !== undefined,
    });
    if (!(answer instanceof Promise)) return interpret(booking, answer);
    return answer.then((late) => {
      onAnswer(clock.monotonic() - startedMs);
      return interpret(booking, late);
    });
  }

  function askStandIn(plan: Plan): MaybePromise<Asked> {
    const frozen = plan.call.underway === true ? undefined : plan.holds.find(freezes.covers);
    if (frozen !== undefined) return { refused: refuseFrozen(frozen), notices: [] };
    const closed = plan.holds.find((hold) => isClosed(hold, plan.call));
    if (closed !== undefined) return { refused: refuseUnavailable(closed), notices: [] };
    standIn ??= createMemoryStore({ clock });
    const holds = plan.holds.filter(({ policy }) => policy.onStoreError === "bounded");
    const leaseId = `${plan.call.id}~${++standInLeases}`;
    return ask({ store: standIn, leaseId, holds, makeshift: true }, plan.call);
  }

  /** What was held ahead is what a bounded budget may spend meanwhile; the store has looked there. */
  function isClosed({ policy, check }: PlannedHold, { leaseMs }: Asking): boolean {
    if (policy.onStoreError === "closed") return true;
    if (policy.onStoreError === "open" || check === "never") return false;
    // Whoever ends a lease that is held elsewhere would not find what stands in for the store.
    return store.holdsAhead === true || leaseMs !== undefined;
  }

  function askStore(plan: Plan): MaybePromise<Asked> {
    const atMs = journal?.now() ?? 0;
    return attempt(
      "reserve",
      () => {
        const { id: leaseId } = plan.call;
        return ask({ store, leaseId, holds: plan.holds, makeshift: false }, plan.call);
      },
      () => {
        journal?.lost(plan.call.id, "reserve", atMs);
        return askStandIn(plan);
      },
    );
  }

  function endBooking(booking: Booking, amounts: readonly number[] | undefined): Ending {
    const { leaseId } = booking;
    const atMs = journal?.now() ?? 0;
    return attempt(
      amounts === undefined ? "release" : "settle",
      () => {
        const answer =
          amounts === undefined
            ? booking.store.release(leaseId)
            : booking.store.settle(leaseId, amounts);
        if (journal === undefined) return answer;
        return chain(answer, (done) => {
          journal.end(booking, amounts, atMs);
          return done;
        });
      },
      () => {
        journal?.lost(leaseId, "end", atMs);
        return NO_NEWS;
      },
    );
  }

  return {
    scope: store.scope,
    reserve(plan) {
      if (journal === undefined) return askStore(plan);
      const atMs = journal.now();
      return chain(askStore(plan), (asked) => {
        journal.news(asked);
        journal.reserve(plan, asked, atMs);
        return asked;
      });
    },
    wouldReserve({ call, holds }) {
      const booking = { store, leaseId: call.id, holds, makeshift: false };
      const request = { leaseId: call.id, ttlMs, holds, evenFrozen: call.underway, dryRun: true };
      return attempt<Asked | undefined>(
        "answer a dry run",
        () => chain(store.reserve(request), (answer) => interpret(booking, answer)),
        () => undefined,
      );
    },
    control: (key, control) => chain(store.control(key, control), () => freezes.put(key, control)),
    topUp: (topUp) => store.topUp(topUp),
    end: endBooking,
    endUnknown: (leaseId, amounts) =>
      attempt<StoreAnswer>(
        "end a lease",
        () => (amounts === undefined ? store.release(leaseId) : store.settle(leaseId, amounts)),
        () => NO_NEWS,
      ),
    renew(bookings) {
      for (const each of new Set(bookings.map((booking) => booking.store))) {
        const ids = bookings.filter((one) => one.store === each).map((one) => one.leaseId);
        void attempt(
          "renew",
          () => each.renew(ids, ttlMs),
          () => undefined,
        );
      }
    },
    states: () =>
      attempt<StoreStates | undefined>(
        "read its states",
        () =>
          chain(store.states(), (answer) => {
            freezes.replace(answer.controls);
            return answer;
          }),
        () => undefined,
      ),
    async close() {
      await attempt(
        "close",
        () => chain(store.close(), () => standIn?.close()),
        () => undefined,
      );
    },
  };
}

/** @throws Error when the answer makes no sense; the store counts as failed then. */
function interpret(booking: Booking, answer: ReserveAnswer): Asked {
  const { notices } = answer;
  switch (answer.outcome) {
    case "granted":
      return { grant: { booking, remaining: answer.remaining }, notices };
    case "refused":
      return { refused: pickRefusal(booking.holds, answer.refusals), notices };
    default:
      throw new Error(`the id ${booking.leaseId} is in use by another call`);
  }
}
