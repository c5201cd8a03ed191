import { Worker } from "node:worker_threads";
import type { LedgerEvent } from "../event.ts";

/** What a thread needs to write the last events of a process. */
export interface LastEvents {
  readonly url: string;
  readonly schema: string | undefined;
  readonly events: readonly LedgerEvent[];
  /** Becomes {@link WRITTEN} or {@link FAILED}. */
  readonly outcome: Int32Array;
}

export const WRITTEN = 1;
export const FAILED = 2;

/** How long a process that ends waits for the server. */
const EXIT_LIMIT_MS = 3_000;

/**
 * Writes events in place, for a process that is about to end: a thread of its own talks to the server, since this one
 * cannot wait for an answer any more. Takes some tenths of a second.
 *
 * @returns whether the events are durable.
 */
export function recordInPostgresNow(
  { url, schema }: { readonly url: string; readonly schema?: string | undefined },
  events: readonly LedgerEvent[],
): boolean {
  const outcome = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: LastEvents = { url, schema, events, outcome };
  const { NODE_OPTIONS: _forTheApp, ...env } = process.env;
  const worker = new Worker(new URL(import.meta.resolve("#record-last-events")), {
    workerData,
    env,
    // What is loaded ahead of the app has no business there.
    execArgv: process.execArgv.filter((flag) => flag.startsWith("--conditions=")),
    stdout: true,
    stderr: true,
  });
  worker.unref();
  Atomics.wait(outcome, 0, 0, EXIT_LIMIT_MS);
  return Atomics.load(outcome, 0) === WRITTEN;
}
