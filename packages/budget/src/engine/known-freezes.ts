import type { Clock } from "@tollgate/core";
import type { Control, Hold, StoredControl } from "../store/store.ts";

/** The freezes this process has heard of, for the time in which the store cannot be asked. */
export interface KnownFreezes {
  put(key: string, control: Control | undefined): void;
  replace(all: readonly StoredControl[]): void;
  covers(this: void, hold: Hold): boolean;
}

export function createKnownFreezes(clock: Clock): KnownFreezes {
  /** Until when, by key. */
  const untilMs = new Map<string, number>();

  function put(key: string, control: Control | undefined): void {
    if (control?.frozen === true) untilMs.set(key, control.untilMs ?? Number.POSITIVE_INFINITY);
    else untilMs.delete(key);
  }

  return {
    put,
    replace(all) {
      untilMs.clear();
      for (const control of all) put(control.key, control);
    },
    covers: ({ counter }) =>
      untilMs.size > 0 && counter.controls.some((key) => clock.now() < (untilMs.get(key) ?? 0)),
  };
}
