import { diag } from "@opentelemetry/api";
import { systemClock, type Clock } from "@tollgate/core";
import {
  createTurns,
  fileIdentity,
  isCorrupt,
  openSqliteFile,
  setAside,
  toFileError,
  unavailable,
} from "@tollgate/sqlite";
import { atExit } from "../outbox/at-exit.ts";
import type { Ending } from "../outbox/ending.ts";
import { openOutbox } from "../outbox/outbox.ts";
import type { BudgetStore, StoreAnswer, StoreNotice } from "../store/store.ts";
import { createBooks } from "./books.ts";
import { createLeaseRows } from "./lease-rows.ts";
import { end, expireLeases, reserve, topUp, type Turn } from "./operations.ts";
import { readStates } from "./read-states.ts";
import { createControlRows } from "./control-rows.ts";
import { BUDGET_FILE } from "./schema.ts";
import { createSweep } from "./sweep.ts";
import { createTopUpRows } from "./top-up-rows.ts";
import { createWindowRows } from "./window-rows.ts";

export interface SqliteStoreOptions {
  /** The file; made when it is not there. Its folder must be there, on a disk of this machine. */
  readonly path: string;
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
  /**
   * How long an operation waits for other processes that write, milliseconds, until the store counts as failed.
   *
   * @defaultValue 5,000
   */
  readonly maxWaitMs?: number | undefined;
}

/** Windows kept in memory from one transaction to the next. */
const WINDOWS_KEPT = 2_000;
/** How long a process that exits tries to write the ends of its calls. */
const EXIT_LIMIT_MS = 250;
/** How soon after a failure the ends that wait in the outbox are tried again. */
const OUTBOX_PAUSE_MS = 5_000;

/**
 * Keeps budgets in a SQLite file: exact among all processes of one machine, and there again after a crash. What it
 * has answered is on the disk.
 *
 * Operations that come in one turn of the event loop share a transaction; nothing waits in place for another process.
 * The end of a call that cannot be written, because the process exits or the disk is full, goes to a file beside it
 * (`<path>.outbox-…`), from where the next process that opens the store takes it.
 *
 * @throws TollgateError `TOLLGATE_STORE_CORRUPT` when the file cannot be read: it has been set aside then, under the
 *   path in the message. `TOLLGATE_STORE_UNAVAILABLE` when it cannot be opened or written, or is not ours.
 */
export function openSqliteStore(options: SqliteStoreOptions): BudgetStore {
  const { path, clock = systemClock, maxWaitMs = 5_000 } = options;
  const db = openSqliteFile(BUDGET_FILE, path);
  const identity = fileIdentity(path);
  const windows = createWindowRows(db);
  const leases = createLeaseRows(db);
  const controls = createControlRows(db);
  const topUps = createTopUpRows(db);
  const sweep = createSweep(windows);
  const outbox = openOutbox(`${path}.outbox`);
  const ending = new Set<Ending>();
  /** News of ends that nobody waited for. */
  let untold: StoreNotice[] = [];
  let outboxDueMs = Number.POSITIVE_INFINITY;
  let broken: Error | undefined;

  let books = createBooks(windows);

  const turns = createTurns<Turn>({
    db,
    begin(stale) {
      if (stale) leases.invalidate();
      if (stale || books.size() > WINDOWS_KEPT) books = createBooks(windows);
      return { books, leases, controls: controls.read(stale), nowMs: clock.now() };
    },
    save: (turn) => turn.books.save(),
    maxWaitMs,
    toError,
    random: Math.random,
  });

  function toError(error: unknown): Error {
    if (!isCorrupt(error)) return toFileError(BUDGET_FILE, path, error);
    broken ??= setAside(BUDGET_FILE, path, identity, error);
    return broken;
  }

  async function run<Result>(operation: (turn: Turn) => Result): Promise<Result> {
    if (broken !== undefined) throw broken;
    const result = await turns.run(operation);
    if (performance.now() > outboxDueMs) replayOutbox();
    return result;
  }

  function replayOutbox(): void {
    outboxDueMs = Number.POSITIVE_INFINITY;
    const replayed = outbox.replay(async ({ leaseId, amounts }) => {
      const { notices } = await turns.run((turn) => end(leaseId, amounts, turn));
      untold.push(...notices);
    });
    replayed.catch((error: unknown) => {
      diag.warn(`tollgate: ends of calls wait on in ${path}.outbox`, error);
      outboxDueMs = performance.now() + OUTBOX_PAUSE_MS;
    });
  }

  async function endLease(leaseId: string, amounts?: readonly number[]): Promise<StoreAnswer> {
    const entry = { leaseId, amounts };
    ending.add(entry);
    try {
      return await run((turn) => end(leaseId, amounts, turn));
    } catch (error) {
      if (broken !== undefined) throw error;
      outbox.put([entry]);
      outboxDueMs = performance.now() + OUTBOX_PAUSE_MS;
      diag.warn(`tollgate: the end of a call waits in ${path}.outbox`, error);
      return { notices: [] };
    } finally {
      ending.delete(entry);
    }
  }

  function withUntold<Answer extends StoreAnswer>(answer: Answer): Answer {
    if (untold.length === 0) return answer;
    const notices = [...untold, ...answer.notices];
    untold = [];
    return { ...answer, notices };
  }

  const stopWaitingForExit = atExit(() => {
    if (ending.size === 0) return;
    const endings = [...ending];
    const written = turns.runNow((turn) => {
      for (const { leaseId, amounts } of endings) end(leaseId, amounts, turn);
    }, EXIT_LIMIT_MS);
    if (!written) putQuietly(endings);
  });

  function putQuietly(endings: readonly Ending[]): void {
    try {
      outbox.put(endings);
    } catch (error) {
      diag.error(`tollgate: the ends of ${endings.length} calls could not be written`, error);
    }
  }

  replayOutbox();

  return {
    scope: "shared",
    async reserve(request) {
      const answer = await run((turn) => {
        if (request.dryRun !== true) sweep(turn);
        return reserve(request, turn, expireLeases(turn));
      });
      return withUntold(answer);
    },
    settle: endLease,
    release: (leaseId) => endLease(leaseId),
    renew: (leaseIds, ttlMs) =>
      run(({ nowMs }) => {
        for (const id of leaseIds) leases.renew(id, nowMs + ttlMs);
      }),
    control: (key, control) => run(({ nowMs }) => controls.put(key, control, nowMs)),
    topUp: (asked) =>
      run((turn) => {
        if (topUps.note(asked.id, turn.nowMs)) topUp(asked, turn);
      }),
    async states() {
      const { notices, inForce } = await run((turn) => ({
        notices: expireLeases(turn),
        inForce: turn.controls.inForce(turn.nowMs),
      }));
      const states = await readStates(windows, clock.now());
      return withUntold({ states, controls: inForce, notices });
    },
    async close() {
      await turns.idle();
      stopWaitingForExit();
      broken ??= unavailable(BUDGET_FILE, path, "it was closed; open it again");
      db.close();
    },
  };
}
