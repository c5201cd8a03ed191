import type { DatabaseSync } from "node:sqlite";
import { createContention } from "./contention.ts";
import { isBusy } from "./sqlite-error.ts";

/** Runs operations on a file that other processes write too. */
export interface Turns<Context> {
  /**
   * Runs an operation as one atomic step and resolves when it is on the disk. Operations run in the order they
   * came in.
   *
   * An operation may run again when its first run could not be written.
   */
  run<Result>(operation: (context: Context) => Result): Promise<Result>;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  /**
   * Runs an operation without giving the event loop a turn, for a process that is about to end.
   *
   * @returns whether it is on the disk.
   */
  runNow(operation: (context: Context) => void, limitMs: number): boolean;
}

export interface TurnsOptions<Context> {
  readonly db: DatabaseSync;
  /**
   * Makes a transaction's context.
   *
   * @param stale - whether what is known of the file from before may be wrong.
   */
  readonly begin: (stale: boolean) => Context;
  /** Writes what the operations changed. */
  readonly save: (context: Context) => void;
  /** How long an operation waits for its turn. */
  readonly maxWaitMs: number;
  /** Makes the error that a caller gets. */
  readonly toError: (error: unknown) => unknown;
  readonly random: () => number;
}

interface Waiting<Context> {
  readonly run: (context: Context) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  readonly sinceMs: number;
}

/** One turn of the event loop is not used for longer, however many operations wait. */
const TURN_MS = 4;

/** Nothing wakes who waits on it: the only way to wait without a turn of the event loop. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/**
 * Puts all operations that wait into one transaction, which costs one wait for the disk. While another process
 * writes, nothing waits in place: the event loop goes on and the turn is tried again.
 */
export function createTurns<Context>(options: TurnsOptions<Context>): Turns<Context> {
  const { db, maxWaitMs, toError } = options;
  const statements = {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    rollback: db.prepare("ROLLBACK"),
  };
  const contention = createContention(db, options.random);
  let queue: Waiting<Context>[] = [];
  let scheduled = false;
  let stale = true;
  /** After a failure operations run one by one, so that only the one at fault fails. */
  let alone = 0;
  let idleListeners: (() => void)[] = [];

  function schedule(): void {
    if (scheduled || queue.length === 0) return;
    scheduled = true;
    const delayMs = contention.pauseMs();
    if (delayMs === 0) setImmediate(turn);
    else setTimeout(turn, delayMs);
  }

  function turn(): void {
    scheduled = false;
    if (queue.length === 0) return;
    try {
      if (begin()) work(TURN_MS);
      else giveUp();
    } catch (error) {
      // No transaction can be begun: the file is out of order.
      for (const { reject } of queue.splice(0)) reject(toError(error));
    }
    if (queue.length > 0) return schedule();
    for (const listener of idleListeners.splice(0)) listener();
  }

  /** @returns false while another process writes */
  function begin(): boolean {
    try {
      statements.begin.run();
    } catch (error) {
      if (!isBusy(error)) throw error;
      contention.lost();
      return false;
    }
    if (contention.won()) stale = true;
    return true;
  }

  function giveUp(): void {
    const latestMs = performance.now() - maxWaitMs;
    const tired = queue.filter(({ sinceMs }) => sinceMs < latestMs);
    if (tired.length === 0) return;
    queue = queue.filter(({ sinceMs }) => sinceMs >= latestMs);
    const error = toError(Object.assign(new Error("database is locked"), { errcode: 5 }));
    for (const { reject } of tired) reject(error);
  }

  function open(): Context {
    const context = options.begin(stale);
    stale = false;
    return context;
  }

  /** A transaction has begun. */
  function work(limitMs: number): void {
    const untilMs = performance.now() + limitMs;
    const most = alone > 0 ? 1 : queue.length;
    let done = 0;
    try {
      const context = open();
      while (done < most && (done === 0 || performance.now() < untilMs)) {
        queue[done]?.run(context);
        done++;
      }
      options.save(context);
      statements.commit.run();
    } catch (error) {
      rollBack();
      failed(error, done);
      return;
    }
    if (alone > 0) alone--;
    contention.ended();
    for (const { resolve } of queue.splice(0, done)) resolve();
  }

  function failed(error: unknown, done: number): void {
    if (isBusy(error)) return contention.lost();
    const [first] = queue;
    if (alone === 0 && queue.length > 1) {
      alone = Math.max(done + 1, 2);
      return;
    }
    if (alone > 0) alone--;
    queue.shift();
    first?.reject(toError(error));
  }

  function rollBack(): void {
    stale = true;
    try {
      statements.rollback.run();
    } catch {
      // SQLite has rolled back already.
    }
  }

  return {
    run<Result>(operation: (context: Context) => Result) {
      return new Promise<Result>((resolve, reject) => {
        let result: { readonly value: Result } | undefined;
        queue.push({
          run: (context) => {
            result = { value: operation(context) };
          },
          resolve: () => result && resolve(result.value),
          reject,
          sinceMs: performance.now(),
        });
        schedule();
      });
    },
    idle: () =>
      queue.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idleListeners.push(resolve);
          }),
    runNow(operation, limitMs) {
      const untilMs = performance.now() + limitMs;
      try {
        while (performance.now() < untilMs) {
          if (!begin()) {
            Atomics.wait(NEVER, 0, 0, 1);
            continue;
          }
          const context = open();
          operation(context);
          options.save(context);
          statements.commit.run();
          return true;
        }
      } catch {
        rollBack();
      }
      return false;
    },
  };
}
