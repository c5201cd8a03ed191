import type { Control, Counter, StoredControl } from "../store/store.ts";

/** What the controls in force come to for one counter. */
export interface Ruling {
  readonly frozen: boolean;
  /** When the freeze ends that lasts longest; `undefined` when none ends by itself. */
  readonly frozenUntilMs: number | undefined;
  /** The limit in force, without top-ups. */
  readonly limit: number;
}

/** The controls of a store, by key. */
export interface Controls {
  /** @returns `undefined` when nothing is said about the counter, as of most. */
  rulingOf(counter: Counter, nowMs: number): Ruling | undefined;
  put(key: string, control: Control | undefined): void;
  inForce(nowMs: number): StoredControl[];
}

export function createControls(): Controls {
  const byKey = new Map<string, Control>();

  function find(key: string, nowMs: number): Control | undefined {
    const control = byKey.get(key);
    if (control?.untilMs === undefined || nowMs < control.untilMs) return control;
    byKey.delete(key);
    return undefined;
  }

  return {
    rulingOf(counter, nowMs) {
      if (byKey.size === 0) return undefined;
      let frozen = false;
      let frozenUntilMs = 0;
      let { limit } = counter;
      for (const key of counter.controls) {
        const control = find(key, nowMs);
        if (control === undefined) continue;
        limit = control.limit ?? limit;
        if (control.frozen !== true) continue;
        frozen = true;
        frozenUntilMs = Math.max(frozenUntilMs, control.untilMs ?? Number.POSITIVE_INFINITY);
      }
      const endsMs = frozen && Number.isFinite(frozenUntilMs) ? frozenUntilMs : undefined;
      return { frozen, frozenUntilMs: endsMs, limit };
    },
    put(key, control) {
      if (control === undefined) byKey.delete(key);
      else byKey.set(key, control);
    },
    inForce(nowMs) {
      const all: StoredControl[] = [];
      for (const key of byKey.keys()) {
        const control = find(key, nowMs);
        if (control !== undefined) all.push({ ...control, key });
      }
      return all;
    },
  };
}
