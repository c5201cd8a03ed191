import type { Clock } from "@tollgate/core";
import type { AnswerSink } from "../tap/answer-sink.ts";

/** Answers that are being read, so that those nobody reads any more can be settled. */
export interface OpenAnswers {
  add(sink: AnswerSink): void;
  delete(sink: AnswerSink): void;
  /** Settles what has not been read for the time limit. */
  sweep(): void;
}

const SWEEPS_PER_LIMIT = 4;
const MAX_SWEEP_INTERVAL_MS = 10_000;

/**
 * One timer for all answers, running only while there are some, and never keeping the process alive.
 * An abandoned answer gives no event at all (a FinalizationRegistry fires in mid-stream), hence a
 * time limit.
 */
export function createOpenAnswers(clock: Clock, abandonAfterMs: number): OpenAnswers {
  const open = new Set<AnswerSink>();
  const intervalMs = Math.min(MAX_SWEEP_INTERVAL_MS, Math.ceil(abandonAfterMs / SWEEPS_PER_LIMIT));
  let timer: ReturnType<typeof setInterval> | undefined;

  const sweep = (): void => {
    const before = clock.monotonic() - abandonAfterMs;
    for (const sink of open) {
      if (sink.lastReadAtMs() > before) continue;
      open.delete(sink);
      sink.abandon();
    }
    if (open.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    add(sink) {
      open.add(sink);
      if (timer !== undefined) return;
      timer = setInterval(sweep, intervalMs);
      if (typeof timer === "object" && "unref" in timer) timer.unref();
    },
    delete: (sink) => void open.delete(sink),
    sweep,
  };
}
