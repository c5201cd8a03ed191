import { diag } from "@opentelemetry/api";
import { isTollgateError, systemClock, type Clock, type UsageEvent } from "@tollgate/core";
import type { LedgerEvent } from "../event.ts";
import type { Ledger } from "../ledger.ts";
import { atExit } from "./at-exit.ts";

/** As much of a ledger as a writer uses. */
export type LedgerTarget = Pick<Ledger, "record" | "recordNow">;

export interface LedgerWriterOptions {
  /**
   * Whether what waits is written on SIGINT, SIGTERM and SIGHUP; where not, somebody else must call `flush` then.
   *
   * @defaultValue true
   */
  readonly onSignals?: boolean | undefined;
  /** How soon after an event a batch is written, milliseconds. @defaultValue 200 */
  readonly delayMs?: number | undefined;
  /** Events of one batch. @defaultValue 500 */
  readonly batchEvents?: number | undefined;
  /** Events kept while the ledger is away; of more the newest are dropped. @defaultValue 20,000 */
  readonly maxEvents?: number | undefined;
  /** The longest pause between tries while the ledger is away, milliseconds. @defaultValue 30,000 */
  readonly maxPauseMs?: number | undefined;
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
  /** Between 0 and 1, for tests. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
}

/** Writes the events of an instrumented app into a ledger, off the app's way. */
export interface LedgerWriter {
  /** Takes an event; never waits and never throws. */
  write(event: UsageEvent): void;
  /** Tries to write all that was taken until now. @returns whether it is in the ledger */
  flush(): Promise<boolean>;
  /** Events that wait to be written. */
  pending(): number;
  /** Events that were dropped: more waited than may. */
  dropped(): number;
  /** Writes what waits and takes no more. The ledger stays open. */
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;

/** The span around a call is known here: it may tell of the same tokens, in telemetry that a collector gets. */
function told(event: UsageEvent): LedgerEvent {
  const { id, parentSpanId } = event;
  const ancestors = parentSpanId === undefined ? undefined : [parentSpanId];
  return { ...event, key: `call:${id}`, source: "instrumentation", ancestors };
}

function isAway(error: unknown): boolean {
  return isTollgateError(error) && error.code.startsWith("TOLLGATE_STORE_");
}

/**
 * Writes events in batches, each under `call:<id>` and as told by `instrumentation`. While the ledger is away events
 * wait in memory and are tried again, at pauses that double up to `maxPauseMs`; a try that failed after all was written
 * counts nothing twice.
 *
 * When the process exits, what waits is written in place where the ledger can do that, also on SIGINT, SIGTERM and
 * SIGHUP, whose usual effect is kept.
 */
export function createLedgerWriter(
  ledger: LedgerTarget,
  options: LedgerWriterOptions = {},
): LedgerWriter {
  const { delayMs = 200, batchEvents = 500, maxEvents = 20_000, maxPauseMs = 30_000 } = options;
  const { clock = systemClock, random = Math.random } = options;
  let waiting: LedgerEvent[] = [];
  let dropped = 0;
  let failures = 0;
  let timer: AbortController | undefined;
  let writing: Promise<boolean> | undefined;
  let closed = false;

  function schedule(pauseMs: number): void {
    if (timer !== undefined || closed) return;
    const planned = new AbortController();
    timer = planned;
    const run = (): void => {
      if (timer !== planned) return;
      timer = undefined;
      void writeAll();
    };
    if (options.clock === undefined) setTimeout(run, pauseMs).unref();
    else clock.sleep(pauseMs, planned.signal).then(run, () => undefined);
  }

  function writeAll(): Promise<boolean> {
    timer?.abort();
    timer = undefined;
    return (writing ??= writeBatches().finally(() => {
      writing = undefined;
      if (waiting.length > 0) schedule(failures > 0 ? pause() : delayMs);
    }));
  }

  async function writeBatches(): Promise<boolean> {
    // After an error that is none of the ledger's events go one by one, so that only the one at fault is lost.
    let size = batchEvents;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, size);
      try {
        const { outdated } = await ledger.record(batch);
        if (outdated > 0) diag.warn(`tollgate: ${outdated} events are older than the ledger keeps`);
      } catch (error) {
        if (!isAway(error) && batch.length > 1) {
          size = 1;
          continue;
        }
        if (isAway(error)) {
          if (failures++ === 0) {
            diag.warn(`tollgate: ${waiting.length} events wait for the ledger`, error);
          }
          return false;
        }
        drop("an event that cannot be kept is dropped", error);
      }
      failures = 0;
      waiting = waiting.slice(batch.length);
    }
    return true;
  }

  /** Says so the first time: a flood of events must be none of messages. */
  function drop(why: string, ...cause: readonly unknown[]): void {
    if (dropped++ === 0) diag.warn(`tollgate: ${why}`, ...cause);
  }

  function pause(): number {
    const longestMs = Math.min(maxPauseMs, FIRST_PAUSE_MS * 2 ** Math.min(failures, 20));
    return longestMs * (0.5 + random() / 2);
  }

  const stopWaitingForExit = atExit(() => {
    if (waiting.length === 0 || ledger.recordNow === undefined) return;
    if (ledger.recordNow(waiting)) waiting = [];
    else diag.error(`tollgate: ${waiting.length} events could not be written at the exit`);
  }, options.onSignals ?? true);

  return {
    write(event) {
      if (closed || waiting.length >= maxEvents) {
        drop(`events are dropped: ${closed ? "the ledger is closed" : "too many wait for it"}`);
        return;
      }
      try {
        waiting.push(told(event));
      } catch (error) {
        drop("an event that cannot be read is dropped", error);
        return;
      }
      if (failures > 0 || writing !== undefined) return;
      if (waiting.length === batchEvents) setImmediate(() => void writeAll());
      else schedule(delayMs);
    },
    flush: async () => {
      // One that is under way may have begun before the last event.
      await writing;
      return writeAll();
    },
    pending: () => waiting.length,
    dropped: () => dropped,
    async close() {
      await writing;
      await writeAll();
      closed = true;
      timer?.abort();
      stopWaitingForExit();
      if (waiting.length > 0) diag.error(`tollgate: ${waiting.length} events were not written`);
    },
  };
}
