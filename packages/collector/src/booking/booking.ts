import { diag } from "@opentelemetry/api";
import type { Clock } from "@tollgate/core";
import type {
  ChargesFor,
  DocumentChange,
  Ledger,
  LedgerEvent,
  PendingCharge,
} from "@tollgate/ledger";
import type { Charger } from "./charger.ts";
import { findOuter } from "./leaf-most.ts";
import type { KnownParents } from "./known-parents.ts";
import { recognise, trustedMore, type Sighted } from "./sighted.ts";
import { createWaitingRoom } from "./waiting-room.ts";

/** From what senders tell to what counts: durable at once, booked once. */
export interface Booking {
  /**
   * Resolves when all are durable. Those that may be told of twice count after a while.
   *
   * @param documents - written with those of metrics.
   * @returns false when a document was changed in between, and nothing of the metrics was taken.
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
  const { ledger, charger, parents, clock, onBooked, onOutcome } = options;
  const room = createWaitingRoom();
  let timer: ReturnType<typeof setInterval> | undefined;
  let settling: Promise<void> | undefined;
  let lookForAbandonedMs = 0;

  async function take(
    sighted: readonly Sighted[],
    documents?: readonly DocumentChange[],
  ): Promise<boolean> {
    const nowMs = clock.now();
    const waits = new Map<number, Sighted[]>();
    const own: Sighted[] = [];
    const certain: Sighted[] = [];
    for (const one of sighted) {
      const waitMs = waitOf(one);
      if (one.own) own.push(one);
      else if (waitMs === undefined) certain.push(one);
      else {
        const some = waits.get(waitMs);
        if (some === undefined) waits.set(waitMs, [one]);
        else some.push(one);
      }
    }
    const held = [...waits].map(([waitMs, some]) => hold(some, nowMs + waitMs, documents));
    // That a series added nothing is worth knowing too.
    if (documents !== undefined && waits.size === 0) held.push(hold([], nowMs, documents));
    if (own.length > 0) await bookOwn(own);
    if (certain.length > 0) await book(certain.map(({ event }) => event));
    return (await Promise.all(held)).every(Boolean);
  }

  /** `undefined` for what nobody else tells of. */
  function waitOf({ dialect, signal }: Sighted): number | undefined {
    if (trustedMore(dialect, signal).length > 0) return options.signalWindowMs;
    if (signal === "spans") return options.dedupWindowMs;
    // Held, for a moment, as that is what is written together with how far series are counted.
    return signal === "metrics" ? 0 : undefined;
  }

  async function hold(
    sighted: readonly Sighted[],
    dueAtMs: number,
    documents?: readonly DocumentChange[],
  ): Promise<boolean> {
    const events = sighted.map(({ event }) => event);
    const recorded =
      documents === undefined
        ? await ledger.hold(events, dueAtMs)
        : await ledger.holdWith(events, dueAtMs, documents);
    if (recorded === "conflict") return false;
    const held = sighted.filter((_, index) => recorded.fresh[index]);
    room.add(held, dueAtMs);
    onOutcome("known", sighted.length - held.length);
    return true;
  }

  /** Charged and counted where the call was made. */
  async function bookOwn(own: readonly Sighted[]): Promise<void> {
    const { fresh } = await ledger.record(own.map(({ event }) => event));
    const booked = own.filter((_, index) => fresh[index]);
    for (const { event } of booked) onBooked(event, true);
    onOutcome("own", booked.length);
    onOutcome("known", own.length - booked.length);
  }

  async function book(events: readonly LedgerEvent[]): Promise<readonly boolean[]> {
    const written = writeDown();
    const { fresh } = await ledger.record(events, written.chargesFor);
    const booked = events.filter((_, index) => fresh[index]);
    onOutcome("known", events.length - booked.length);
    await afterBooking(booked, written.charges());
    return fresh;
  }

  /** A transaction that is tried again writes its charges down again: the last ones count. */
  function writeDown(): { chargesFor: ChargesFor; charges(): readonly PendingCharge[] } {
    let latest: readonly PendingCharge[] = [];
    return {
      chargesFor: (fresh) => (latest = charger.chargesFor(fresh)),
      charges: () => latest,
    };
  }

  async function afterBooking(
    booked: readonly LedgerEvent[],
    charges: readonly PendingCharge[],
  ): Promise<void> {
    for (const event of booked) onBooked(event, false);
    onOutcome("booked", booked.length);
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

  async function resolveAll(due: readonly Sighted[]): Promise<void> {
    const duplicates = await findDuplicates(due);
    const events = due.map(({ event }) => event);
    const counting = events.filter((event) => !duplicates.has(event));
    const written = writeDown();
    const { fresh } = await ledger.resolve(
      { booked: counting, duplicates: [...duplicates] },
      written.chargesFor,
    );
    onOutcome("duplicate", duplicates.size);
    await afterBooking(
      counting.filter((_, index) => fresh[index]),
      written.charges(),
    );
  }

  async function findDuplicates(due: readonly Sighted[]): Promise<Set<LedgerEvent>> {
    const spans = due.filter(({ signal }) => signal === "spans").map(({ event }) => event);
    const traceIds = new Set(spans.flatMap(({ traceId }) => traceId ?? []));
    const known = traceIds.size === 0 ? [] : await ledger.spansOf([...traceIds]);
    const duplicates = new Set(findOuter(spans, known, parents));
    for (const one of due) {
      // oxlint-disable-next-line no-await-in-loop -- few: amounts of metrics, one answer for each sender
      if (await isToldBetter(one)) duplicates.add(one.event);
    }
    return duplicates;
  }

  async function isToldBetter({ event, dialect, signal }: Sighted): Promise<boolean> {
    const sources = trustedMore(dialect, signal);
    if (event.sender === undefined || sources.length === 0) return false;
    return ledger.hasEventsOf(event.sender, sources, event.timeMs - options.signalWindowMs);
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
    report: book,
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
