import type { DatabaseSync } from "node:sqlite";
import { numberIn } from "./read-row.ts";

/**
 * How a process shares the right to write with others. SQLite grants it to whoever asks at the right moment, so a
 * process that is at work would win nearly every time; hence it pauses after each turn while others are about.
 * Nobody tries in quick succession: where cores are few, that keeps the one that holds the lock from its end.
 */
export interface Contention {
  /** How long to wait before the next try. */
  pauseMs(): number;
  /** A transaction has begun. @returns whether another process has written since the last one */
  won(): boolean;
  lost(): void;
  /** A transaction was written. */
  ended(): void;
}

/** For so long after another process has written it is taken to be at work. */
const OTHERS_FOR_MS = 500;
const LONGEST_PAUSE_MS = 4;

export function createContention(db: DatabaseSync, random: () => number): Contention {
  const version = db.prepare("PRAGMA data_version");
  let lastVersion = readVersion();
  let othersUntilMs = Number.NEGATIVE_INFINITY;
  let nextTryMs = 0;

  function readVersion(): number {
    return numberIn(version.get() ?? {}, "data_version");
  }

  return {
    pauseMs: () => Math.max(0, nextTryMs - performance.now()),
    won() {
      const now = readVersion();
      if (now === lastVersion) return false;
      lastVersion = now;
      othersUntilMs = performance.now() + OTHERS_FOR_MS;
      return true;
    },
    lost() {
      const nowMs = performance.now();
      othersUntilMs = nowMs + OTHERS_FOR_MS;
      nextTryMs = nowMs + 0.5 + random() * LONGEST_PAUSE_MS;
    },
    ended() {
      const nowMs = performance.now();
      nextTryMs = nowMs < othersUntilMs ? nowMs + 0.5 + random() * 2 : 0;
    },
  };
}
