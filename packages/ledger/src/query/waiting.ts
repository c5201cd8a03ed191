import type { StoredEvent } from "../event.ts";
import type { HeardSender, KnownSpan, PendingCharge } from "../ledger.ts";
import { STORED_COLUMNS, toStoredEvent } from "../rows/event-row.ts";
import { tracePrefix } from "../rows/key-hash.ts";
import { toKnownSpan } from "./known-span.ts";
import type { Reads } from "./reads.ts";

/** Traces asked for in one statement. */
const TRACES_AT_ONCE = 100;

export async function readOverdue(
  { build, rows }: Reads,
  beforeMs: number,
  limit: number,
): Promise<readonly StoredEvent[]> {
  const found = await rows(
    build
      .selectFrom("event")
      .select(STORED_COLUMNS)
      .where("due_ms", "is not", null)
      .where("due_ms", "<", Math.ceil(beforeMs))
      .orderBy("due_ms")
      .orderBy("sequence")
      .limit(limit),
  );
  return found.map(toStoredEvent);
}

/** @param keyTable - where the hashes of keys are: those of spans begin as their trace does */
export async function readSpans(
  reads: Reads,
  traceIds: readonly string[],
  keyTable: "event" | "event_key",
): Promise<readonly KnownSpan[]> {
  const { build, rows } = reads;
  const spans: KnownSpan[] = [];
  for (let start = 0; start < traceIds.length; start += TRACES_AT_ONCE) {
    const asked = traceIds.slice(start, start + TRACES_AT_ONCE);
    const byKey = await findByKey(reads, keyTable, asked);
    const found = await rows(
      build
        .selectFrom("event")
        .select(STORED_COLUMNS)
        .where((event) =>
          event.or([
            event("trace_id", "in", [...asked]),
            ...(byKey.length > 0 ? [event("sequence", "in", [...byKey])] : []),
          ]),
        ),
    );
    for (const row of found) {
      const event = toStoredEvent(row);
      const span = toKnownSpan(event, event.state);
      if (span !== undefined && asked.includes(span.traceId)) spans.push(span);
    }
  }
  return spans;
}

export async function readCharges(
  { build, rows }: Reads,
  of: { readonly owner: string } | { readonly beforeMs: number },
): Promise<readonly PendingCharge[]> {
  const all = build.selectFrom("charge").select(["id", "owner", "payload"]).orderBy("created_ms");
  const found = await rows(
    "owner" in of
      ? all.where("owner", "=", of.owner)
      : all.where("created_ms", "<", Math.ceil(of.beforeMs)),
  );
  return found.map(({ id, owner, payload }) => ({ id, owner, payload: JSON.parse(payload) }));
}

export async function readSenders(
  { build, rows }: Reads,
  senders: readonly string[],
): Promise<readonly HeardSender[]> {
  if (senders.length === 0) return [];
  const found = await rows(
    build
      .selectFrom("sender")
      .select(["sender", "source", "last_ms"])
      .where("sender", "in", [...senders]),
  );
  return found.map(({ sender, source, last_ms: lastMs }) => ({ sender, source, lastMs }));
}

async function findByKey(
  { build, rows }: Reads,
  keyTable: "event" | "event_key",
  traceIds: readonly string[],
): Promise<readonly number[]> {
  const prefixes = traceIds.flatMap((id) => tracePrefix(id) ?? []);
  if (prefixes.length === 0) return [];
  const found = await rows(
    build
      .selectFrom(keyTable)
      .select("sequence")
      .where((key) =>
        key.or(
          prefixes.map((prefix) =>
            key.and([
              key("key_hash", ">=", Buffer.concat([prefix, Buffer.alloc(8)])),
              key("key_hash", "<=", Buffer.concat([prefix, Buffer.alloc(8, 0xff)])),
            ]),
          ),
        ),
      ),
  );
  return found.map(({ sequence }) => sequence);
}
