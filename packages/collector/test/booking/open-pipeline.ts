import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metrics } from "@opentelemetry/api";
import { parsePolicies, type BudgetProcessor, type PolicyInput } from "@tollgate/budget";
import { createCheckedBudgetProcessor } from "@tollgate/budget/checked";
import { openSqliteStore } from "@tollgate/budget/sqlite";
import type { Attribution } from "@tollgate/core";
import type { EventState, Ledger, LedgerEvent, Summary } from "@tollgate/ledger";
import { createMetering, type MeteredTotals } from "@tollgate/metering";
import { openSqliteLedger } from "@tollgate/ledger/sqlite";
import { createPricer } from "@tollgate/pricing";
import { createFakeClock, type FakeClock } from "@tollgate/testkit";
import { onTestFinished } from "vitest";
import { createAttributor } from "../../src/attribution/attributor.ts";
import type { Booking } from "../../src/booking/booking.ts";
import type { LogRecord, PointRecord, SpanRecord } from "../../src/index.ts";
import { openBooking, type OpenBookingOptions } from "../../src/open-booking.ts";
import { createBookingTelemetry } from "../../src/telemetry/booking-telemetry.ts";
import { createFeed } from "../../src/usage/feed.ts";
import { START_MS } from "../dialects/records.ts";

const DEDUP_WINDOW_MS = 10_000;
const SIGNAL_WINDOW_MS = 90_000;

/** One number for each unit, without an end. */
export const POLICIES: readonly PolicyInput[] = [
  { id: "usd", match: {}, limit: { usd: 1_000 }, window: "total", alertAt: [] },
  { id: "tokens", match: {}, limit: { tokens: 1_000_000_000 }, window: "total", alertAt: [] },
  { id: "requests", match: {}, limit: { requests: 1_000_000 }, window: "total", alertAt: [] },
];

export interface PipelineOptions {
  /** Where its files are; those of another pipeline go on with them. @defaultValue a new folder */
  readonly folder?: string;
  readonly clock?: FakeClock;
  readonly policies?: readonly PolicyInput[];
  readonly countInstrumented?: boolean;
  readonly isAlone?: boolean;
  /** Between the booking and its parts, to break them. */
  readonly wrapLedger?: (ledger: Ledger) => Ledger;
  readonly wrapBudget?: (budget: BudgetProcessor) => OpenBookingOptions["budget"];
}

/** The way of telemetry over a real ledger and a real budget store, in files, with a clock that tests move. */
export interface Pipeline {
  readonly folder: string;
  readonly clock: FakeClock;
  readonly ledger: Ledger;
  readonly budget: BudgetProcessor;
  readonly booking: Booking;
  /** What the stream of events heard. */
  readonly heard: readonly LedgerEvent[];
  spans(records: readonly SpanRecord[], locked?: Attribution): Promise<void>;
  logs(records: readonly LogRecord[], locked?: Attribution): Promise<void>;
  points(records: readonly PointRecord[], locked?: Attribution): Promise<void>;
  /** Moves time on until nothing waits any more. */
  settle(): Promise<void>;
  /** Ends it as a crash would: nothing is finished or told. */
  crash(): Promise<void>;
  /** How many events are in a state. */
  count(state: EventState): Promise<number>;
  summary(): Promise<Summary>;
  /** What counters show. */
  counted(): readonly MeteredTotals[];
  /** Of the budgets in {@link POLICIES}. */
  spent(): Promise<{ nanoUsd: number; tokens: number; requests: number }>;
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-booking-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function openPipeline(options: PipelineOptions = {}): Promise<Pipeline> {
  const { folder = newFolder(), clock = createFakeClock(START_MS + 2_000) } = options;
  const ledger = openSqliteLedger({ path: join(folder, "ledger.db"), clock });
  const aggregates = createMetering();
  const budget = createCheckedBudgetProcessor({
    policies: parsePolicies(options.policies ?? POLICIES),
    store: openSqliteStore({ path: join(folder, "budget.db"), clock }),
    aggregates,
    clock,
  });
  const feed = createFeed();
  const heard: LedgerEvent[] = [];
  feed.subscribe((event) => heard.push(event));
  const { booking, takeBatch } = openBooking({
    ledger: options.wrapLedger?.(ledger) ?? ledger,
    budget: options.wrapBudget?.(budget) ?? budget,
    pricer: createPricer(),
    attributor: createAttributor({ rules: [], defaults: true }),
    feed,
    telemetry: createBookingTelemetry(metrics.getMeter("test")),
    clock,
    dedupWindowMs: DEDUP_WINDOW_MS,
    signalWindowMs: SIGNAL_WINDOW_MS,
    countInstrumented: options.countInstrumented ?? false,
    isAlone: options.isAlone ?? true,
  });
  let isOpen = true;
  async function close(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    await budget.shutdown();
    await ledger.close();
  }
  onTestFinished(close);
  // What an earlier process left is found at the first round.
  await booking.settle();

  async function spentOf(id: string): Promise<number> {
    const states = await budget.states();
    return states.find((state) => state.budget === id)?.spent ?? 0;
  }

  return {
    folder,
    clock,
    ledger,
    budget,
    booking,
    heard,
    spans: (records, locked = {}) => takeBatch({ signal: "traces", records }, locked),
    logs: (records, locked = {}) => takeBatch({ signal: "logs", records }, locked),
    points: (records, locked = {}) => takeBatch({ signal: "metrics", records }, locked),
    async settle() {
      await clock.advance(DEDUP_WINDOW_MS);
      await booking.settle();
      await clock.advance(2 * SIGNAL_WINDOW_MS);
      await booking.settle();
    },
    crash: close,
    count: async (state) => (await ledger.events({ state }, { limit: 1_000 })).events.length,
    counted: aggregates.totals,
    summary: () => ledger.summary({}),
    spent: async () => ({
      nanoUsd: await spentOf("usd"),
      tokens: await spentOf("tokens"),
      requests: await spentOf("requests"),
    }),
  };
}
