import type { Attribution, RequestFacts, ResponseFacts } from "@tollgate/core";
import type { BudgetLease } from "@tollgate/budget";
import { isFetchedLater, resultKey, type FetchedBatch, type MatchedCall } from "@tollgate/wire";

/** A metered call whose answer has been read. */
interface AnsweredCall {
  readonly match: MatchedCall;
  readonly request: RequestFacts;
  readonly attribution: Attribution;
  readonly lease: BudgetLease | undefined;
}

/** The call that asked for what is fetched now. */
export interface PendingCall {
  readonly lease: BudgetLease | undefined;
  readonly attribution: Attribution;
  readonly requestModel: string | undefined;
}

/**
 * Knows which results were counted and which calls still wait for theirs, so that each is counted once:
 * by the call whose answer already said the usage, or by the first fetch that brings it.
 *
 * It knows what this process has seen, and of that the latest: 10,000 responses, 10,000 calls that wait and
 * 200,000 results of batches (two of the largest files). A result fetched again after so many others, or in
 * another process, is counted again; its event has the same id then, by which a ledger can tell.
 *
 * The hold of a call that waits stays: its lease is renewed for as long as the budget processor
 * renews leases (an hour), after that it is charged as held, and for a day more the result corrects that.
 * Given back, the hold would let other calls spend what this one is spending; charged at an estimate, a
 * hard budget could be exceeded by the rest.
 */
export interface LaterUsage {
  /** Remembers the answer of a call that was metered. */
  noteAnswer(call: AnsweredCall, facts: ResponseFacts): void;
  /** Remembers who pays for a batch that is created here. */
  noteBatch(batch: FetchedBatch, creator: Attribution | undefined): void;
  /** Who created the batch that a file or an id belongs to, where that was here. */
  creatorOf(id: string): Attribution | undefined;
  /**
   * Takes a result for counted.
   *
   * @returns the call that waited for it, `"new"` for a result that nobody here asked for, `"counted"` when
   *   it was counted before.
   */
  claim(key: string, kind: "response" | "line"): PendingCall | "new" | "counted";
}

const MAX_RESPONSES = 10_000;
const MAX_LINES = 200_000;
const MAX_BATCHES = 10_000;

export function createLaterUsage(): LaterUsage {
  const counted = { response: new Map<string, true>(), line: new Map<string, true>() };
  const limits = { response: MAX_RESPONSES, line: MAX_LINES };
  const waiting = new Map<string, PendingCall>();
  const creators = new Map<string, Attribution>();

  return {
    noteAnswer({ match, lease, attribution, request }, { id, pending }) {
      if (id === undefined || !isFetchedLater(match.api)) return;
      const key = resultKey(match.provider, id);
      if (pending !== true) keep(counted.response, key, true, MAX_RESPONSES);
      else keep(waiting, key, { lease, attribution, requestModel: request.model }, MAX_RESPONSES);
    },

    noteBatch({ id, fileIds }, creator) {
      const known = creator ?? creators.get(id);
      if (known === undefined) return;
      for (const each of [id, ...fileIds]) keep(creators, each, known, MAX_BATCHES);
    },

    creatorOf: (id) => creators.get(id),

    claim(key, kind) {
      const wasCounted = counted[kind].has(key);
      keep(counted[kind], key, true, limits[kind]);
      if (wasCounted) return "counted";
      const call = waiting.get(key);
      waiting.delete(key);
      return call ?? "new";
    },
  };
}

/** The least recently used goes when there are too many. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
