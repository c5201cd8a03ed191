import type {
  HoldRefusal,
  Hold,
  ReserveAnswer,
  ReserveRequest,
  StoredControl,
} from "../store/store.ts";
import { bucketLeavesAtMs, oldestBucketIndex } from "../window/rolling.ts";
import { bucketsSince, readFields, viewWindow, type CounterFields } from "./counter-view.ts";
import type { ScriptReply } from "./read-reply.ts";
import { readControls } from "./stored-controls.ts";

/** No limit reaches the amount that stands for "more than any limit". */
const HIGHEST_LIMIT = Number.MAX_SAFE_INTEGER - 1;

/** What the reserving script would answer to what was read for it. */
export function answerDryRun(
  { holds, evenFrozen = false }: ReserveRequest,
  counterKeys: readonly string[],
  { nowMs, notices, rest }: ScriptReply,
): ReserveAnswer {
  const [lease, controlFields, ...counters] = rest;
  const controls = new Map(
    readControls(readFields(controlFields), nowMs).map((control) => [control.key, control]),
  );
  const open = Array.isArray(lease) && lease.length > 0 ? lease : undefined;
  if (open !== undefined && !isSame(open, holds, counterKeys)) {
    return { outcome: "conflict", notices };
  }
  const checked = holds.map((hold, index) => {
    const fields = readFields(counters[index]);
    return checkHold(index, hold, fields, rule(hold, controls), evenFrozen, nowMs);
  });
  const refusals = checked.flatMap(({ refusal }) => refusal ?? []);
  if (open === undefined && refusals.length > 0) return { outcome: "refused", refusals, notices };
  const remaining = checked.map(({ left }, index) =>
    open === undefined ? left - (holds[index]?.amount ?? 0) : left,
  );
  return { outcome: "granted", remaining, notices };
}

interface CheckedHold {
  /** Before the hold. */
  readonly left: number;
  readonly refusal: HoldRefusal | undefined;
}

function checkHold(
  index: number,
  hold: Hold,
  fields: CounterFields,
  ruling: Ruling,
  evenFrozen: boolean,
  nowMs: number,
): CheckedHold {
  const { spent, reserved, extra, windowEndMs } = viewWindow(fields, hold.counter.window, nowMs);
  const limit = extra === 0 ? ruling.limit : Math.min(ruling.limit + extra, HIGHEST_LIMIT);
  const left = limit - spent - reserved;
  const frozen = ruling.frozen && !evenFrozen;
  const excess = excessOf(hold, limit, spent, left);
  if (!frozen && excess <= 0) return { left, refusal: undefined };
  const resetsAtMs = frozen ? ruling.untilMs : resetOf(hold, fields, windowEndMs, excess, nowMs);
  return { left, refusal: { index, frozen, limit, remaining: left, resetsAtMs } };
}

function isSame(
  lease: readonly unknown[],
  holds: readonly Hold[],
  counterKeys: readonly string[],
): boolean {
  return (
    Math.floor(lease.length / 3) === holds.length &&
    holds.every(
      ({ amount }, index) =>
        lease[index * 3] === counterKeys[index] && lease[index * 3 + 2] === amount,
    )
  );
}

interface Ruling {
  readonly frozen: boolean;
  readonly untilMs: number | undefined;
  readonly limit: number;
}

function rule({ counter }: Hold, controls: ReadonlyMap<string, StoredControl>): Ruling {
  let { limit } = counter;
  let untilMs: number | undefined;
  const laid = counter.controls.flatMap((key) => controls.get(key) ?? []);
  const freezes = laid.filter((control) => control.frozen === true);
  for (const control of laid) limit = control.limit ?? limit;
  const ends = freezes.map((freeze) => freeze.untilMs ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  if (Number.isFinite(last)) untilMs = last;
  return { frozen: freezes.length > 0, untilMs, limit };
}

function excessOf({ amount, check }: Hold, limit: number, spent: number, left: number): number {
  if (check === "fit") return amount - left;
  return check === "unspent" ? spent - limit + 1 : 0;
}

function resetOf(
  { counter: { window } }: Hold,
  fields: CounterFields,
  windowEndMs: number | undefined,
  excess: number,
  nowMs: number,
): number | undefined {
  if (window.kind === "calendar") return windowEndMs;
  if (window.kind !== "rolling") return undefined;
  let freed = 0;
  for (const { index, spent, reserved, extra } of bucketsSince(
    fields,
    oldestBucketIndex(window, nowMs),
  )) {
    freed += spent + reserved - extra;
    if (freed >= excess) return bucketLeavesAtMs(window, index);
  }
  return undefined;
}
