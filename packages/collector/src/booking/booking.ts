import { diag } from "@opentelemetry/api";
import type { Clock } from "@tollgate/core";
import type {
  ChargesFor,
  DocumentChange,
  HeldEvent,
  Ledger,
  LedgerEvent,
  PendingCharge,
} from "@tollgate/ledger";
import type { Charger } from "./charger.ts";
import { createDuplicateFinder } from "./find-duplicates.ts";
import type { KnownParents } from "./known-parents.ts";
import {
  isCharged,
  isOwnCall,
  recognise,
  trustedMore,
  type Sighted,
  type Taken,
} from "./sighted.ts";
import { createWaitingRoom } from "./waiting-room.ts";

/** From what senders tell to what counts: durable at once, booked once. */
export interface Booking {
  /**
   * Resolves when all are durable. Those that may be told of twice count after a while.
   *
   * @param documents - written with them.
   * @returns false when a document was changed in between, and nothing was taken.
   */
  take(sighted: readonly Sighted[], documents?: readonly DocumentChange[]): Promise<boolean>;
  /** Books what people and programs report of themselves, at once. @returns which of them were new. */
  report(events: readonly LedgerEvent[]): Promise<readonly boolean[]>;
  /** Books what is due; called regularly by {@link start}. */
  settle(): Promise<void>;
  /** Takes over what was left by a crash, then settles regularly. */
  start(): Promise<void>;
  /** How many wait. */
  readonly waiting: number;
  /** Ends the rounds. What waits is in the ledger, and is taken over by the next start. */
  close(): Promise<void>;
}

export interface BookingOptions {
  readonly ledger: Ledger;
  readonly charger: Charger;
  readonly parents: KnownParents;
  readonly clock: Clock;
  /** How long a span waits for another inside of it. */
  readonly dedupWindowMs: number;
  /** No other process books in this ledger: what waits at the start waited for this one. */
  readonly isAlone: boolean;
  /** How long metrics wait for the same sender's spans or logs: longer than both are apart. */
  readonly signalWindowMs: number;
  /** Hears of each event that counts; `wasCountedElsewhere` when our own instrumentation charged and counted it. */
  readonly onBooked: (event: LedgerEvent, wasCountedElsewhere: boolean) => void;
  /** Hears what became of events, by how many. */
  readonly onOutcome: (outcome: "booked" | "own" | "duplicate" | "known", count: number) => void;
}

const ROUND_MS = 500;
const MOST_AT_ONCE = 5_000;
/** What is overdue for so long waits at nobody any more. */
const ABANDONED_MS = 60_000;

export function createBooking(options: BookingOptions): Booking {
  const { ledger, charger, clock, onBooked, onOutcome } = options;
  const findDuplicates = createDuplicateFinder(options);
  const room = createWaitingRoom();
  let timer: ReturnType<typeof setInterval> | undefined;
  let settling: Promise<void> | undefined;
  let lookForAbandonedMs = 0;

  async function take(
    sighted: readonly Sighted[],
    documents: readonly DocumentChange[] = [],
  ): Promise<boolean> {
    const takenMs = clock.now();
    const atOnce: Taken[] = [];
    const held: (Taken & HeldEvent)[] = [];
    for (const one of sighted) {
      const waitMs = waitOf(one);
      if (waitMs === undefined) atOnce.push({ ...one, takenMs });
      else held.push({ ...one, takenMs, dueAtMs: takenMs + waitMs });
    }
    const duplicates = await findDuplicates(atOnce.filter(mayStandInside));
    const booked = atOnce.map(({ event }) => event).filter((event) => !duplicates.has(event));
    const intake = { booked, duplicates: [...duplicates], held, documents };
    const written = writeDown();
    const recorded = await ledger.take(intake, written.chargesFor);
    if (recorded === "conflict") return false;

    const isFresh = inTurn(recorded.fresh);
    const freshBooked = booked.filter(isFresh);
    onOutcome("duplicate", intake.duplicates.filter(isFresh).length);
    wait(held.filter(isFresh));
    onOutcome("known", recorded.fresh.filter((isNew) => !isNew).length);
    await afterBooking(freshBooked, written.charges());
    return true;
  }

  function wait(held: readonly (Taken & HeldEvent)[]): void {
    for (const [dueAtMs, some] of Map.groupBy(held, (each) => each.dueAtMs)) {
      room.add(some, dueAtMs);
    }
  }

  /** How long others may still tell of the same, and better; `undefined` when nobody will. */
  function waitOf({ event, dialect, signal }: Sighted): number | undefined {
    if (isOwnCall(event)) return undefined;
    if (trustedMore(dialect, signal).length > 0) return options.signalWindowMs;
    return signal === "spans" ? options.dedupWindowMs : undefined;
  }

  async function report(events: readonly LedgerEvent[]): Promise<readonly boolean[]> {
    const written = writeDown();
    const { fresh } = await ledger.record(events, written.chargesFor);
    const booked = events.filter(inTurn(fresh));
    onOutcome("known", events.length - booked.length);
    await afterBooking(booked, written.charges());
    return fresh;
  }

  /** A transaction that is tried again writes its charges down again: the last ones count. */
  function writeDown(): { chargesFor: ChargesFor; charges(): readonly PendingCharge[] } {
    let latest: readonly PendingCharge[] = [];
    return {
      chargesFor(fresh) {
        latest = charger.chargesFor(fresh.filter((event) => !isCharged(event)));
        return latest;
      },
      charges: () => latest,
    };
  }

  async function afterBooking(
    booked: readonly LedgerEvent[],
    charges: readonly PendingCharge[],
  ): Promise<void> {
    let own = 0;
    for (const event of booked) {
      const isOwn = isOwnCall(event);
      if (isOwn) own++;
      onBooked(event, isOwn);
    }
    onOutcome("own", own);
    onOutcome("booked", booked.length - own);
    await charger.charge(charges);
  }

  async function settleDue(): Promise<void> {
    for (;;) {
      const due = room.takeDue(clock.now(), MOST_AT_ONCE);
      if (due.length === 0) return;
      try {
        // oxlint-disable-next-line no-await-in-loop -- one portion after the other
        await resolveAll(due);
      } catch (error) {
        room.add(due, clock.now() + ROUND_MS);
        throw error;
      }
    }
  }

  async function resolveAll(due: readonly Taken[]): Promise<void> {
    const duplicates = await findDuplicates(due);
    const booked = due.map(({ event }) => event).filter((event) => !duplicates.has(event));
    const resolution = { booked, duplicates: [...duplicates] };
    const written = writeDown();
    const { fresh } = await ledger.resolve(resolution, written.chargesFor);
    const isFresh = inTurn(fresh);
    const freshBooked = booked.filter(isFresh);
    onOutcome("duplicate", resolution.duplicates.filter(isFresh).length);
    await afterBooking(freshBooked, written.charges());
  }

  /** What another process held, or this one before a crash, and nobody waits for any more. */
  async function takeOver(beforeMs: number): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one portion after the other
      const left = await ledger.overdue(beforeMs, MOST_AT_ONCE);
      if (left.length === 0) break;
      // oxlint-disable-next-line no-await-in-loop
      await resolveAll(left.map(recognise));
    }
    await charger.recover(beforeMs);
  }

  async function round(): Promise<void> {
    await settleDue();
    await charger.catchUp();
    const nowMs = clock.now();
    if (nowMs < lookForAbandonedMs) return;
    lookForAbandonedMs = nowMs + ABANDONED_MS / 2;
    await takeOver(nowMs - (options.isAlone ? 0 : ABANDONED_MS));
  }

  function settle(): Promise<void> {
    settling ??= round().finally(() => (settling = undefined));
    return settling;
  }

  return {
    take,
    report,
    settle,
    async start() {
      timer = setInterval(() => {
        settle().catch((error: unknown) =>
          diag.warn("tollgate: booking waits for the ledger", error),
        );
      }, ROUND_MS);
      timer.unref();
      await settle().catch((error: unknown) =>
        diag.warn("tollgate: what was left from before is not booked yet", error),
      );
    },
    get waiting() {
      return room.size;
    },
    async close() {
      clearInterval(timer);
      await settling?.catch(() => undefined);
      await settle().catch(() => undefined);
    },
  };
}

/** Our own calls count at once, unless one around them was booked before they came. */
function mayStandInside({ event, signal }: Sighted): boolean {
  return signal === "spans" && (event.ancestors?.length ?? 0) > 0;
}

/** Tells of one after the other whether it was new. */
function inTurn(fresh: readonly boolean[]): () => boolean {
  let next = 0;
  return () => fresh[next++] === true;
}
