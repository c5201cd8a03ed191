import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Meter } from "@opentelemetry/api";
import { TollgateError, type Clock } from "@tollgate/core";
import {
  openBudgets,
  openLedger,
  type ConfiguredBudgets,
  type LoadedConfig,
} from "@tollgate/config";
import type { Policy } from "@tollgate/budget";
import type { Ledger } from "@tollgate/ledger";
import { createMetering } from "@tollgate/metering";
import { createCurrentPricer, type CurrentPricer } from "@tollgate/pricing";
import { createAttributor, type Attributor } from "./attribution/attributor.ts";
import { openBooking, type OpenBooking } from "./open-booking.ts";
import { createBookingTelemetry } from "./telemetry/booking-telemetry.ts";
import { createFeed, type Feed } from "./usage/feed.ts";
import { createManagedBudgets, type ManagedBudgets } from "./usage/managed-budgets.ts";
import { createReporter, type Reporter } from "./usage/reporter.ts";

/** A collector without its servers. */
export interface CollectorParts extends OpenBooking {
  readonly ledger: Ledger;
  readonly budget: ConfiguredBudgets;
  readonly managedBudgets: ManagedBudgets;
  /** Those in force. */
  readonly policies: () => readonly Policy[];
  readonly pricer: CurrentPricer;
  readonly attributor: Attributor;
  readonly feed: Feed;
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** Takes over budgets of the ledger and what was left by a crash. */
  start(): Promise<void>;
  /** @throws TollgateError when it cannot be applied; nothing has changed then. */
  applyConfig(config: LoadedConfig): void;
  close(): Promise<void>;
}

export interface PartsOptions {
  readonly config: LoadedConfig;
  /** Where files are that the configuration does not name. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly meter: Meter;
  /** No other process books in this ledger. */
  readonly isAlone: boolean;
}

/**
 * Opens what a collector works with.
 *
 * @throws TollgateError `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when what it keeps things in cannot be opened.
 */
export async function openParts({
  config,
  dataFolder,
  clock,
  meter,
  isAlone,
}: PartsOptions): Promise<CollectorParts> {
  makeDataFolder(dataFolder);
  const settings = config.collector;
  const ledger = await openLedger(
    config.ledger ?? { sqlite: join(dataFolder, "ledger.db") },
    clock,
  );
  const budget = openBudgets(
    {
      ...config,
      store: config.store ?? {
        sqlite: join(dataFolder, "budget.db"),
        redis: undefined,
        slices: false,
      },
    },
    { aggregates: createMetering(config.metrics), clock },
  );
  const unbind = budget.bind(meter);
  const pricer = createCurrentPricer(config.pricing);
  const feed = createFeed();
  const attributor = createAttributor(settings.attribution);
  const opened = openBooking({
    ledger,
    budget,
    pricer,
    attributor,
    feed,
    telemetry: createBookingTelemetry(meter),
    clock,
    dedupWindowMs: (settings.dedupWindowSeconds ?? 10) * 1_000,
    signalWindowMs: (settings.signalWindowSeconds ?? 90) * 1_000,
    countInstrumented: settings.countInstrumented === true,
    isAlone,
  });
  const { booking } = opened;
  const managedBudgets = createManagedBudgets({
    budget,
    ledger,
    policies: config.budgets,
    guards: config.guards,
  });
  return {
    ...opened,
    ledger,
    budget,
    managedBudgets,
    policies: () => managedBudgets.list().map(({ policy }) => policy),
    pricer,
    attributor,
    feed,
    reporter: createReporter({ ledger, booking, pricer, clock }),
    clock,
    async start() {
      await managedBudgets.refresh();
      await booking.start();
    },
    applyConfig(next) {
      const replacePrices = pricer.prepare(next.pricing);
      managedBudgets.configure(next);
      replacePrices();
    },
    async close() {
      await booking.close();
      unbind();
      await budget.shutdown();
      await ledger.close();
    },
  };
}

/** What was spent on what is for its owner alone. */
function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TollgateError(
      "TOLLGATE_STORE_UNAVAILABLE",
      `the data folder ${path} cannot be made (${why}); choose another with --data`,
      { cause: error },
    );
  }
}
