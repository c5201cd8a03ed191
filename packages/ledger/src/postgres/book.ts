import type { PendingCharge } from "../ledger.ts";
import { createDeltas } from "../rollup/deltas.ts";
import { measuresOf } from "../rollup/measures.ts";
import { BOOKED } from "../schema/tables.ts";
import type { Session } from "./connection.ts";
import type { EventRows, FoundEvent, KeyRow, NewRow } from "./event-rows.ts";
import { bookedOf, type Entry, type Operation, type Outcome } from "./operations.ts";
import type { Partitions } from "./partitions.ts";
import type { RollUpRows } from "./roll-up-rows.ts";

/** What bookings are written to. */
export interface Books {
  readonly schema: string;
  readonly events: EventRows;
  readonly rollUps: RollUpRows;
  readonly partitions: Partitions;
}

/**
 * Writes operations as one transaction, with as few statements as there are tables.
 *
 * @returns what became of each one's entries.
 */
export async function book(
  session: Session,
  { schema, events, rollUps, partitions }: Books,
  operations: readonly Operation[],
  nowMs: number,
): Promise<readonly (readonly Outcome[])[]> {
  const entries = operations.flatMap((operation) => operation.entries);
  // Who holds this row writes: sequences come in the order of commits, and nobody waits for two locks.
  const [state] = await session.query(
    `UPDATE ${schema}.ledger_state SET last_sequence = last_sequence + $1
      RETURNING last_sequence, deleted_before_ms`,
    [entries.length],
  );
  const firstSequence = Number(state?.["last_sequence"]) - entries.length + 1;
  const deletedBeforeMs = Number(state?.["deleted_before_ms"]);

  const found = await events.find(
    session,
    entries.filter(({ ends }) => ends).map(({ hash }) => hash),
  );
  const decided = decide(entries, found, firstSequence, deletedBeforeMs);
  const free = await events.takeKeys(session, decided.keys);
  const outcomes = entries.map((_entry, index): Outcome => {
    const outcome = decided.outcomes[index];
    return outcome ?? (free.has(firstSequence + index) ? "new" : "known");
  });

  const deltas = createDeltas();
  const rows: NewRow[] = [];
  for (const [index, entry] of entries.entries()) {
    if (outcomes[index] !== "new") continue;
    const { incoming, state: eventState, dueMs } = entry;
    const held = decided.held.get(index);
    const sequence = held?.sequence ?? firstSequence + index;
    const receivedMs = held?.receivedMs ?? incoming.receivedMs;
    const measures = measuresOf(incoming.event);
    const place = { sequence, keyHash: incoming.keyHash, state: eventState, dueMs, receivedMs };
    rows.push({ incoming, place, measures });
    if (eventState === BOOKED) deltas.add(incoming.event, measures);
  }

  const perOperation = split(operations, outcomes);
  const charges = operations.flatMap((operation, index) =>
    chargesOf(operation, perOperation[index]),
  );

  const held = [...decided.held.values()];
  await events.remove(session, held);
  await events.moveKeys(session, movedKeys(entries, decided.held));
  await partitions.ensure(
    session,
    rows.map(({ incoming }) => incoming.event.timeMs),
  );
  await events.insert(session, rows);
  await rollUps.add(session, deltas);
  await writeCharges(session, schema, charges, nowMs);
  await writeSenders(session, schema, rows);
  return perOperation;
}

interface Decided {
  /** `undefined`: depends on whether the key is free. */
  readonly outcomes: readonly (Outcome | undefined)[];
  /** Waiting events, by the index of the entry that ends their wait. */
  readonly held: ReadonlyMap<number, FoundEvent>;
  readonly keys: readonly KeyRow[];
}

function decide(
  entries: readonly Entry[],
  found: ReadonlyMap<string, FoundEvent>,
  firstSequence: number,
  deletedBeforeMs: number,
): Decided {
  const seen = new Set<string>();
  const held = new Map<number, FoundEvent>();
  const keys: KeyRow[] = [];
  const outcomes = entries.map(({ hash, incoming }, index): Outcome | undefined => {
    const known = found.get(hash);
    if (seen.has(hash)) return "known";
    if (known !== undefined) {
      seen.add(hash);
      if (!known.isWaiting) return "known";
      held.set(index, known);
      return "new";
    }
    const { timeMs } = incoming.event;
    if (timeMs < deletedBeforeMs) return "outdated";
    seen.add(hash);
    keys.push({ hash, timeMs, sequence: firstSequence + index });
    return undefined;
  });
  return { outcomes, held, keys };
}

function split(operations: readonly Operation[], outcomes: readonly Outcome[]): Outcome[][] {
  let start = 0;
  return operations.map(({ entries }) => outcomes.slice(start, (start += entries.length)));
}

function movedKeys(entries: readonly Entry[], held: ReadonlyMap<number, FoundEvent>): KeyRow[] {
  return [...held].flatMap(([index, { sequence, timeMs: before }]) => {
    const entry = entries[index];
    if (entry === undefined) return [];
    const { timeMs } = entry.incoming.event;
    return timeMs === before ? [] : [{ hash: entry.hash, timeMs, sequence }];
  });
}

function chargesOf(
  operation: Operation,
  outcomes: readonly Outcome[] = [],
): readonly PendingCharge[] {
  const fresh = bookedOf(operation, outcomes, BOOKED);
  return operation.chargesFor === undefined || fresh.length === 0
    ? []
    : operation.chargesFor(fresh);
}

async function writeCharges(
  { query }: Session,
  schema: string,
  charges: readonly PendingCharge[],
  nowMs: number,
): Promise<void> {
  if (charges.length === 0) return;
  await query(
    `INSERT INTO ${schema}.charge (id, owner, created_ms, payload)
      SELECT id, owner, $4, payload FROM unnest($1::text[], $2::text[], $3::text[]) AS c(id, owner, payload)
      ON CONFLICT DO NOTHING`,
    [
      charges.map(({ id }) => id),
      charges.map(({ owner }) => owner),
      charges.map(({ payload }) => JSON.stringify(payload ?? null)),
      nowMs,
    ],
  );
}

async function writeSenders(
  { query }: Session,
  schema: string,
  rows: readonly NewRow[],
): Promise<void> {
  const heard = new Map<string, { sender: string; source: string; lastMs: number }>();
  for (const { incoming } of rows) {
    const { sender, source } = incoming.event;
    if (sender === undefined) continue;
    heard.set(`${sender}\0${source}`, { sender, source, lastMs: incoming.receivedMs });
  }
  if (heard.size === 0) return;
  const all = [...heard.values()];
  await query(
    `INSERT INTO ${schema}.sender AS s (sender, source, last_ms)
      SELECT sender, source, last_ms FROM unnest($1::text[], $2::text[], $3::bigint[]) AS h(sender, source, last_ms)
      ON CONFLICT (sender, source) DO UPDATE SET last_ms = greatest(s.last_ms, excluded.last_ms)`,
    [
      all.map(({ sender }) => sender),
      all.map(({ source }) => source),
      all.map(({ lastMs }) => lastMs),
    ],
  );
}
