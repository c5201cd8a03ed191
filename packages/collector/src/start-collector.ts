import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { systemClock, TollgateError, type Clock } from "@tollgate/core";
import { openBudgets, openLedger, type LoadedConfig } from "@tollgate/config";
import type { Ledger } from "@tollgate/ledger";
import { createMetering } from "@tollgate/metering";
import { createPricer } from "@tollgate/pricing";
import { createAuthenticator } from "./access/authenticator.ts";
import { checkExposure } from "./access/exposure.ts";
import { createAttributor } from "./attribution/attributor.ts";
import { SENDER_ATTRIBUTES } from "./booking/sender-of.ts";
import { readsAttribute } from "./dialects/reads-attribute.ts";
import { addMcp } from "./mcp/mcp-route.ts";
import { openBooking } from "./open-booking.ts";
import { admit } from "./receive/admit.ts";
import { createOtlpReceiver } from "./receive/create-otlp-receiver.ts";
import { askForToken } from "./rest/ask-for-token.ts";
import { addApi } from "./rest/create-api.ts";
import { addMetrics } from "./rest/metrics-route.ts";
import { createReadiness } from "./readiness.ts";
import { runRegularly } from "./run-regularly.ts";
import { createBookingTelemetry } from "./telemetry/booking-telemetry.ts";
import { createMetricsProvider } from "./telemetry/metrics-provider.ts";
import { createFeed } from "./usage/feed.ts";
import { createManagedBudgets } from "./usage/managed-budgets.ts";
import { createRemoteLeases } from "./usage/remote-leases.ts";
import { createReporter } from "./usage/reporter.ts";

export interface CollectorOptions {
  readonly config: LoadedConfig;
  /** Where files are that the configuration does not name: made when it is not there. */
  readonly dataFolder: string;
  /** @defaultValue what the configuration says, else `4318` */
  readonly port?: number | undefined;
  /** @defaultValue what the configuration says, else `4317` */
  readonly grpcPort?: number | false | undefined;
  /** @defaultValue what the configuration says, else `127.0.0.1` */
  readonly host?: string | undefined;
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined;
}

/** A collector at work. */
export interface RunningCollector {
  /** OTLP over HTTP, REST, MCP and metrics. */
  readonly url: string;
  /** OTLP over gRPC. */
  readonly grpcPort: number | undefined;
  /** Takes nothing more, finishes what is under way, and ends. What waits is in the ledger. */
  close(): Promise<void>;
}

const REFRESH_BUDGETS_MS = 5_000;
/** How long senders that are under way are waited for. */
const DRAIN_MS = 10_000;
const DAILY_MS = 86_400_000;
const MOST_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Starts a collector: OTLP, REST and MCP in, a ledger, budgets and metrics behind.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when it would listen off loopback without tokens, or its configuration makes no
 *   sense; `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when what it keeps things in cannot be opened.
 */
export async function startCollector(options: CollectorOptions): Promise<RunningCollector> {
  const { config, dataFolder, clock = systemClock } = options;
  const settings = config.collector;
  const host = options.host ?? settings.host ?? "127.0.0.1";
  mkdirSync(dataFolder, { recursive: true });
  const authenticator = createAuthenticator({
    path: settings.tokens ?? join(dataFolder, "tokens.json"),
    now: () => clock.monotonic(),
  });
  checkExposure(host, authenticator.asks);

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
  const pricer = createPricer(config.pricing);
  const metrics = createMetricsProvider(settings.forward);
  const unbind = budget.bind(metrics.meter);
  const feed = createFeed();
  const attributor = createAttributor(settings.attribution);
  const { booking, takeBatch, series } = openBooking({
    ledger,
    budget,
    pricer,
    attributor,
    feed,
    telemetry: createBookingTelemetry(metrics.meter),
    clock,
    dedupWindowMs: (settings.dedupWindowSeconds ?? 10) * 1_000,
    signalWindowMs: (settings.signalWindowSeconds ?? 90) * 1_000,
    countInstrumented: settings.countInstrumented === true,
    isAlone: config.ledger?.postgres === undefined,
  });
  const reporter = createReporter({ ledger, booking, pricer, clock });
  const managedBudgets = createManagedBudgets({
    budget,
    ledger,
    policies: config.budgets,
    guards: config.guards,
  });
  const readiness = createReadiness(ledger, randomUUID());
  const receiver = createOtlpReceiver({
    async take(batch, { attribution }) {
      await readiness.watch(() => takeBatch(batch, attribution));
      return { outcome: "taken" };
    },
    authenticate: admit(authenticator),
    wants: (name) =>
      readsAttribute(name) || attributor.reads(name) || SENDER_ATTRIBUTES.includes(name),
    meter: metrics.meter,
  });

  let isEnding = false;
  // Who comes while it closes is told by the receiver when to come again.
  const app = Fastify({
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: "idle",
    return503OnClosing: false,
  });
  askForToken(app, authenticator);
  await app.register(receiver.http);
  const parts = {
    ledger,
    reporter,
    feed,
    budget,
    managedBudgets,
    remoteLeases: createRemoteLeases(budget, clock),
    pricer,
    clock,
    isReady: async () => !isEnding && (await readiness.isReady()),
  };
  await addApi(app, parts);
  addMcp(app, { ...parts, policies: () => managedBudgets.list().map(({ policy }) => policy) });
  addMetrics(app, metrics.answerScrape, settings.openMetrics === true);

  await managedBudgets.refresh();
  await booking.start();
  const stopRegular = [
    runRegularly(REFRESH_BUDGETS_MS, "taking over budgets", () => managedBudgets.refresh()),
    runRegularly(DAILY_MS, "forgetting what is old", async () => {
      await series.forgetIdle();
      const keepDays = config.ledger?.keepDays;
      if (keepDays !== undefined)
        await ledger.deleteEventsBefore(clock.now() - keepDays * DAILY_MS);
    }),
  ];
  const port = options.port ?? settings.port ?? 4318;
  const url = await listen(app, host, port);
  const grpcPort = options.grpcPort ?? settings.grpcPort ?? 4317;
  const boundGrpcPort = grpcPort === false ? undefined : await receiver.listenGrpc(grpcPort, host);

  return {
    url,
    grpcPort: boundGrpcPort,
    async close() {
      isEnding = true;
      for (const stop of stopRegular) stop();
      await receiver.drain(AbortSignal.timeout(DRAIN_MS));
      await app.close();
      await booking.close();
      unbind();
      await metrics.close();
      await budget.shutdown();
      await ledger.close();
    },
  };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new TollgateError(
        "TOLLGATE_CONFIG_INVALID",
        `port ${port} of ${host} is taken; choose another with --port`,
      );
    }
    throw error;
  }
}
