import type { AnswerSink } from "../tap/answer-sink.ts";

/** Answers that are being read, so that those nobody reads any more can be settled. */
export interface OpenAnswers {
  add(sink: AnswerSink): void;
  delete(sink: AnswerSink): void;
}

/** For how many sweeps an answer has stood at so many chunks. */
interface Standstill {
  chunks: number;
  sweeps: number;
}

const SWEEPS_PER_LIMIT = 4;
const MAX_SWEEP_INTERVAL_MS = 10_000;

/**
 * One timer for all answers, running only while there are some, and never keeping the process alive.
 * An abandoned answer gives no event at all (a FinalizationRegistry fires in mid-stream), hence a
 * time limit: whoever has not moved for so many sweeps is abandoned. Nothing is timed per chunk.
 */
export function createOpenAnswers(abandonAfterMs: number): OpenAnswers {
  const open = new Map<AnswerSink, Standstill>();
  const intervalMs = Math.min(MAX_SWEEP_INTERVAL_MS, Math.ceil(abandonAfterMs / SWEEPS_PER_LIMIT));
  const patience = Math.ceil(abandonAfterMs / intervalMs);
  let timer: ReturnType<typeof setInterval> | undefined;

  const sweep = (): void => {
    for (const [sink, standstill] of open) {
      if (sink.chunks !== standstill.chunks) {
        standstill.chunks = sink.chunks;
        standstill.sweeps = 0;
      } else if (++standstill.sweeps > patience) {
        open.delete(sink);
        sink.abandon();
      }
    }
    if (open.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    add(sink) {
      open.set(sink, { chunks: 0, sweeps: 0 });
      if (timer !== undefined) return;
      timer = setInterval(sweep, intervalMs);
      if (typeof timer === "object" && "unref" in timer) timer.unref();
    },
    delete: (sink) => void open.delete(sink),
  };
}
