import type { Clock } from "@tollgate/core";
import type { CompiledPolicy } from "../policy/compile.ts";
import { chain } from "../store/maybe-promise.ts";
import type {
  BudgetStore,
  Counter,
  Hold,
  HoldRefusal,
  MaybePromise,
  ReserveAnswer,
  ReserveRequest,
} from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import type { OpenAggregates } from "../aggregates/source.ts";
import type { RulesInForce } from "./rules.ts";

/** What the aggregates say of one hold. */
type Verdict =
  /** The ledger decides, as without them. */
  | { readonly kind: "silent" }
  | { readonly kind: "passes"; readonly remaining: number | undefined }
  | { readonly kind: "refused"; readonly refusal: Omit<HoldRefusal, "index"> };

const SILENT: Verdict = { kind: "silent" };

function refusedAs(
  { limit }: Counter,
  said: Pick<HoldRefusal, "remaining" | "resetsAtMs" | "unavailable">,
): Verdict {
  return { kind: "refused", refusal: { limit, frozen: false, ...said } };
}
const PASSES_UNKNOWN: Verdict = { kind: "passes", remaining: undefined };

/** Asks a store for holds. */
export type Reserve = (store: BudgetStore, request: ReserveRequest) => MaybePromise<ReserveAnswer>;

/**
 * Lets aggregates decide for the policies that ask them. All calls are booked in the ledger all the same.
 * While the aggregates are not known, `onStoreError` says what happens: `open` lets pass, `closed` refuses,
 * `bounded` goes by the ledger.
 */
export function createAdvisedReserve(
  aggregates: OpenAggregates,
  rules: RulesInForce,
  clock: Clock,
): Reserve {
  function judge(policy: CompiledPolicy, { counter, check }: Hold): Verdict {
    const spent = aggregates.spent(counter);
    if (spent === undefined) {
      if (policy.onStoreError === "bounded") return SILENT;
      return policy.onStoreError === "open" || check === "never"
        ? PASSES_UNKNOWN
        : refusedAs(counter, { remaining: 0, resetsAtMs: undefined, unavailable: true });
    }
    const remaining = counter.limit - spent;
    if (remaining > 0 || check === "never") return { kind: "passes", remaining };
    return refusedAs(counter, { remaining, resetsAtMs: resetsAtMs(counter, clock) });
  }

  return (store, request) => {
    const { advised } = rules.current;
    if (advised.size === 0) return store.reserve(request);
    const verdicts = request.holds.map((hold) => {
      const policy = advised.get(hold.counter.budget);
      return policy === undefined ? SILENT : judge(policy, hold);
    });
    if (verdicts.every(({ kind }) => kind === "silent")) return store.reserve(request);
    const holds = request.holds.map((hold, index) => instructed(hold, verdicts[index]));
    return verdicts.some(({ kind }) => kind === "refused")
      ? refuse(store, { ...request, holds }, verdicts)
      : chain(store.reserve({ ...request, holds }), (answer) => withRemaining(answer, verdicts));
  };
}

/** A refused hold is asked for all the same, too large for any limit: the others that refuse are heard too. */
function instructed(hold: Hold, verdict: Verdict = SILENT): Hold {
  if (verdict.kind === "silent") return hold;
  return verdict.kind === "passes"
    ? { ...hold, check: "never" }
    : { ...hold, check: "fit", amount: Number.MAX_SAFE_INTEGER };
}

function refuse(
  store: BudgetStore,
  request: ReserveRequest,
  verdicts: readonly Verdict[],
): MaybePromise<ReserveAnswer> {
  const own = verdicts.flatMap((verdict, index) =>
    verdict.kind === "refused" ? [{ ...verdict.refusal, index }] : [],
  );
  // What metrics refuse is refused also while the ledger is away.
  const alone = (): ReserveAnswer => ({ outcome: "refused", refusals: own, notices: [] });
  const together = (answer: ReserveAnswer): ReserveAnswer =>
    answer.outcome === "refused"
      ? {
          ...answer,
          refusals: answer.refusals.map(
            (each) => own.find((one) => one.index === each.index) ?? each,
          ),
        }
      : answer;
  try {
    const answer = store.reserve(request);
    return answer instanceof Promise ? answer.then(together, alone) : together(answer);
  } catch {
    return alone();
  }
}

function withRemaining(answer: ReserveAnswer, verdicts: readonly Verdict[]): ReserveAnswer {
  if (answer.outcome !== "granted") return answer;
  const remaining = answer.remaining.map((left, index) => {
    const verdict = verdicts[index];
    return verdict?.kind === "passes" ? (verdict.remaining ?? left) : left;
  });
  return { ...answer, remaining };
}

/** Of a rolling window metrics do not say what leaves when. */
function resetsAtMs({ window }: Hold["counter"], clock: Clock): number | undefined {
  return window.kind === "calendar"
    ? calendarWindow(window.period, window.timezone, clock.now()).endMs
    : undefined;
}
