import type { Counter, Hold } from "../store/store.ts";
import { counterJson } from "./counter-json.ts";
import type { KeySpace } from "./key-space.ts";

/** Which counters Redis was told of; they need not be sent with every call. */
export interface Definitions {
  keysOf(holds: readonly Hold[]): string[];
  /** One text per hold, empty where it is known; no texts when all are. */
  missing(holds: readonly Hold[], all: boolean): readonly string[];
  sent(holds: readonly Hold[]): void;
}

interface Defined {
  readonly key: string;
  sent: boolean;
}

const NONE: readonly string[] = [];
const MAX_KNOWN = 10_000;

export function createDefinitions(keys: KeySpace): Definitions {
  const known = new WeakMap<Counter, Defined>();
  /** The engine has several objects for one counter; only one that differs is worth sending. */
  const texts = new Map<string, string>();

  function of(counter: Counter): Defined {
    let defined = known.get(counter);
    if (defined === undefined) {
      const sent = texts.get(counter.key) === counterJson(counter);
      defined = { key: keys.counterKey(counter.key), sent };
      known.set(counter, defined);
    }
    return defined;
  }

  return {
    keysOf: (holds) => holds.map(({ counter }) => of(counter).key),
    missing(holds, all) {
      if (!all && holds.every(({ counter }) => of(counter).sent)) return NONE;
      return holds.map(({ counter }) => (all || !of(counter).sent ? counterJson(counter) : ""));
    },
    sent(holds) {
      for (const { counter } of holds) {
        const defined = of(counter);
        if (defined.sent) continue;
        defined.sent = true;
        texts.delete(counter.key);
        texts.set(counter.key, counterJson(counter));
        for (const oldest of texts.keys()) {
          if (texts.size <= MAX_KNOWN) break;
          texts.delete(oldest);
        }
      }
    },
  };
}
