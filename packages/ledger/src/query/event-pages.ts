import { setImmediate as nextTurn } from "node:timers/promises";
import type { StoredEvent } from "../event.ts";
import type { EventFilter, EventPage, Page } from "../query.ts";
import { STORED_COLUMNS, toStoredEvent } from "../rows/event-row.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { eventConditions, isIndexed } from "./event-conditions.ts";
import type { Reads, ReadSource } from "./reads.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const SCAN_LIMIT = 1_000;

type Order = "asc" | "desc";

/** A page of events by when the ledger got them. New events do not shift it: a cursor names an event, not a count. */
export async function readPage(
  source: ReadSource,
  filter: EventFilter,
  { limit = DEFAULT_LIMIT, cursor, order = "desc" }: Page,
): Promise<EventPage> {
  const wanted = Math.max(1, Math.min(MAX_LIMIT, Math.floor(limit) || DEFAULT_LIMIT));
  const after = cursor === undefined ? undefined : readCursor(cursor, filter, order);
  const found = await readInOrder(source, filter, order, after, wanted + 1);
  const events = found.slice(0, wanted);
  const last = events.at(-1);
  const hasMore = found.length > wanted && last !== undefined;
  return { events, nextCursor: hasMore ? writeCursor(last.sequence, filter, order) : undefined };
}

export async function* scanEvents(
  source: ReadSource,
  filter: EventFilter,
): AsyncGenerator<StoredEvent, void, void> {
  let after: number | undefined;
  for (;;) {
    const found = await readInOrder(source, filter, "asc", after, SCAN_LIMIT);
    yield* found;
    after = found.at(-1)?.sequence;
    if (found.length < SCAN_LIMIT) return;
  }
}

/** @param after - the sequence that the one before had */
async function readInOrder(
  source: ReadSource,
  filter: EventFilter,
  order: Order,
  after: number | undefined,
  limit: number,
): Promise<readonly StoredEvent[]> {
  const size = isIndexed(filter) ? undefined : source.windowEvents;
  if (size === undefined) {
    return source.read((reads) =>
      readWindow(reads, filter, order, { after, end: undefined }, limit),
    );
  }
  const bounds = await source.read(readBounds);
  const found: StoredEvent[] = [];
  const step = order === "asc" ? size : -size;
  let start = after ?? (order === "asc" ? bounds.first - 1 : bounds.last + 1);
  while (found.length < limit && (order === "asc" ? start < bounds.last : start > bounds.first)) {
    const window = { after: start, end: start + step };
    const rest = limit - found.length;
    found.push(...(await source.read((reads) => readWindow(reads, filter, order, window, rest))));
    start += step;
    await nextTurn();
  }
  return found;
}

interface Window {
  /** Exclusive. */
  readonly after: number | undefined;
  /** Inclusive. */
  readonly end: number | undefined;
}

async function readWindow(
  { build, rows }: Reads,
  filter: EventFilter,
  order: Order,
  { after, end }: Window,
  limit: number,
): Promise<readonly StoredEvent[]> {
  const [past, within] = order === "asc" ? ([">", "<="] as const) : (["<", ">="] as const);
  let query = build
    .selectFrom("event")
    .select(STORED_COLUMNS)
    .where(eventConditions(filter))
    .orderBy("sequence", order)
    .limit(limit);
  if (after !== undefined) query = query.where("sequence", past, after);
  if (end !== undefined) query = query.where("sequence", within, end);
  return (await rows(query)).map(toStoredEvent);
}

async function readBounds({ build, rows }: Reads): Promise<{ first: number; last: number }> {
  const ends = (order: Order) =>
    rows(build.selectFrom("event").select("sequence").orderBy("sequence", order).limit(1));
  const [first] = await ends("asc");
  const [last] = await ends("desc");
  return { first: first?.sequence ?? 0, last: last?.sequence ?? -1 };
}
