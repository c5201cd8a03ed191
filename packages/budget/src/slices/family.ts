import type { Hold } from "../store/store.ts";
import type { Moment, Slice } from "./slice.ts";

/** The calls that hold in the same counters, how fast they come and what they need at a time. */
export interface Family {
  readonly key: string;
  /** Of the call that asked last. */
  holds: readonly Hold[];
  /** Not settled yet. */
  readonly slices: Set<Slice>;
  newest: Slice | undefined;
  /** A slice that is being asked for. */
  asking: Promise<void> | undefined;
  /** Until when no slice is asked for: the last was refused, or there is little left. Monotonic. */
  restUntilMs: number;
  /** When a slice was last taken, monotonic. */
  takenAtMs: number;
  usedAtMs: number;
  /** Which stretch of time is counted in. */
  stretch: number;
  calls: number;
  callsBefore: number;
  readonly use: CounterUse[];
}

/** What calls take of one counter. */
export interface CounterUse {
  /** Held or spent since the last slice was taken, and the most that it was. */
  taken: number;
  most: number;
  /** What was under way when the last slice was taken. */
  base: number;
  /** Of the last slice, what was taken ahead of need. */
  ahead: number;
  /** What is left in the shared store, as last heard. */
  remaining: number;
}

/** Calls are counted in stretches of time that end: a burst at one instant says nothing of the next. */
const STRETCH_MS = 250;
/** Calls in a stretch that make it worth while to take slices for those of the next one. */
const BUSY_CALLS = 4;
/** How long a slice should last, milliseconds. */
export const SLICE_LASTS_MS = 500;
/** At most the 16th part of what is left is taken ahead. */
const SHARE = 16;
/** Families nobody asked for so long are forgotten. */
const FORGOTTEN_MS = 10_000;

export interface Families {
  /** Counts a call in. */
  enter(holds: readonly Hold[], moment: Moment): Family;
  forgetIdle(monotonicMs: number): void;
  all(): Iterable<Family>;
}

export function createFamilies(): Families {
  const families = new Map<string, Family>();

  return {
    enter(holds, { monotonicMs }) {
      const key = keyOf(holds);
      let family = families.get(key);
      if (family === undefined) {
        family = createFamily(key, holds);
        families.set(key, family);
      }
      family.holds = holds;
      family.usedAtMs = monotonicMs;
      count(family, monotonicMs);
      return family;
    },
    forgetIdle(monotonicMs) {
      for (const [key, { usedAtMs, slices, asking }] of families) {
        if (slices.size > 0 || asking !== undefined) continue;
        if (monotonicMs - usedAtMs > FORGOTTEN_MS) families.delete(key);
      }
    },
    all: () => families.values(),
  };
}

function keyOf(holds: readonly Hold[]): string {
  if (holds.length === 1) return holds[0]?.counter.key ?? "";
  let key = "";
  for (const { counter } of holds) key += `${counter.key}\n`;
  return key;
}

function createFamily(key: string, holds: readonly Hold[]): Family {
  const use = holds.map(() => ({ taken: 0, most: 0, base: 0, ahead: 0, remaining: 0 }));
  return {
    key,
    holds,
    slices: new Set(),
    newest: undefined,
    asking: undefined,
    restUntilMs: Number.NEGATIVE_INFINITY,
    takenAtMs: Number.NEGATIVE_INFINITY,
    usedAtMs: 0,
    stretch: 0,
    calls: 0,
    callsBefore: 0,
    use,
  };
}

function count(family: Family, monotonicMs: number): void {
  const stretch = Math.floor(monotonicMs / STRETCH_MS);
  if (stretch !== family.stretch) {
    family.callsBefore = stretch === family.stretch + 1 ? family.calls : 0;
    family.stretch = stretch;
    family.calls = 0;
  }
  family.calls++;
}

/** Whether calls come so fast that slices save more than they cost. */
export function isBusy(family: Family, monotonicMs: number): boolean {
  const stretch = Math.floor(monotonicMs / STRETCH_MS);
  if (stretch === family.stretch) return family.callsBefore >= BUSY_CALLS;
  return stretch === family.stretch + 1 && family.calls >= BUSY_CALLS;
}

export function noteHeld({ use }: Family, holds: readonly Hold[]): void {
  for (let index = 0; index < holds.length; index++) {
    const one = use[index];
    if (one === undefined) continue;
    one.taken += holds[index]?.amount ?? 0;
    if (one.taken > one.most) one.most = one.taken;
  }
}

export function noteEnded(
  { use }: Family,
  holds: readonly Hold[],
  used: readonly number[] | undefined,
): void {
  for (let index = 0; index < holds.length; index++) {
    const one = use[index];
    const held = holds[index]?.amount ?? 0;
    if (one === undefined) continue;
    one.taken += (used === undefined ? 0 : (used[index] ?? held)) - held;
    if (one.taken > one.most) one.most = one.taken;
  }
}

/**
 * How much of each counter to take ahead: what calls took lately in the time that a slice should last,
 * at most twice as much as the last time, and a small share of what is left.
 *
 * @returns `undefined` when so little is left that calls are better asked for one by one.
 */
export function sizesAhead(family: Family, monotonicMs: number): readonly number[] | undefined {
  const passedMs = Math.max(1, monotonicMs - family.takenAtMs);
  const sizes: number[] = [];
  for (const [index, { amount, check }] of family.holds.entries()) {
    const { most, base, ahead, remaining } = family.use[index] ?? NOTHING;
    const measured = Math.ceil(((most - base) * SLICE_LASTS_MS) / passedMs);
    const wanted = Math.max(amount, Math.min(measured, 2 * Math.max(ahead, amount)));
    const share = Math.max(0, Math.floor(remaining / SHARE));
    if (share < wanted && share < 2 * amount && check === "fit") return undefined;
    sizes.push(Math.min(wanted, share));
  }
  return sizes;
}

const NOTHING: CounterUse = { taken: 0, most: 0, base: 0, ahead: 0, remaining: 0 };

/** A slice was taken: measuring begins anew. */
export function noteTaken(
  family: Family,
  ahead: readonly number[] | undefined,
  remaining: readonly number[],
  underWay: readonly number[],
  monotonicMs: number,
): void {
  family.takenAtMs = monotonicMs;
  for (const [index, one] of family.use.entries()) {
    one.taken = underWay[index] ?? 0;
    one.most = one.taken;
    one.base = one.taken;
    one.ahead = ahead?.[index] ?? 0;
    one.remaining = remaining[index] ?? 0;
  }
}
