import { randomUUID } from "node:crypto";
import { systemClock, type Clock } from "@tollgate/core";
import type { LoadedConfig } from "@tollgate/config";
import { createAuthenticator, type Authenticator } from "./access/authenticator.ts";
import { checkExposure } from "./access/exposure.ts";
import { refuseForeignPages } from "./access/foreign-pages.ts";
import { tokenFileOf } from "./access/token-file.ts";
import { SENDER_ATTRIBUTES } from "./booking/sender-of.ts";
import { readsAttribute } from "./dialects/reads-attribute.ts";
import { createHttpServer, listenHttp, unavailable } from "./http-server.ts";
import { addMcp } from "./mcp/mcp-route.ts";
import { openParts, type CollectorParts } from "./open-parts.ts";
import { admit } from "./receive/admit.ts";
import { createOtlpReceiver, type OtlpReceiver } from "./receive/create-otlp-receiver.ts";
import { askForToken } from "./rest/ask-for-token.ts";
import { addApi } from "./rest/create-api.ts";
import { addMetrics } from "./rest/metrics-route.ts";
import { createReadiness, type Readiness } from "./readiness.ts";
import { runRegularly } from "./run-regularly.ts";
import { createMetricsProvider, type MetricsProvider } from "./telemetry/metrics-provider.ts";

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
  /**
   * Puts the budgets, guards, alerts and prices of an edited configuration in force; budgets that were made while it runs stay.
   *
   * @throws TollgateError when it cannot be applied; nothing has changed then.
   */
  applyConfig(config: LoadedConfig): void;
  /** Takes nothing more, finishes what is under way, and ends. What waits is in the ledger. */
  close(): Promise<void>;
}

const REFRESH_BUDGETS_MS = 5_000;
const DAILY_MS = 86_400_000;
/** Senders who have not finished by then are let go: Kubernetes kills after 30 seconds. */
const DRAIN_MS = 10_000;

/**
 * Starts a collector: OTLP, REST and MCP in, a ledger, budgets and metrics behind.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when it would listen off loopback without tokens, or its configuration makes no
 *   sense; `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when what it keeps things in cannot be opened;
 *   `TOLLGATE_ADDRESS_UNAVAILABLE` when it cannot listen.
 */
export async function startCollector(options: CollectorOptions): Promise<RunningCollector> {
  const { config, dataFolder, clock = systemClock } = options;
  const settings = config.collector;
  const host = options.host ?? settings.host ?? "127.0.0.1";
  const authenticator = createAuthenticator({
    path: tokenFileOf(config, dataFolder),
    now: () => clock.monotonic(),
  });
  checkExposure(host, authenticator.asks);

  const metrics = createMetricsProvider(settings.forward);
  const isAlone = config.ledger?.postgres === undefined;
  const parts = await openParts({ config, dataFolder, clock, meter: metrics.meter, isAlone });
  const readiness = createReadiness(parts.ledger, randomUUID());
  const receiver = openReceiver(parts, authenticator, metrics, readiness);

  let isEnding = false;
  const app = createHttpServer();
  refuseForeignPages(app, authenticator);
  askForToken(app, authenticator);
  await app.register(receiver.http);
  await addApi(app, {
    ...parts,
    isReady: async () => !isEnding && (await readiness.isReady()),
  });
  addMcp(app, parts);
  addMetrics(app, metrics.answerScrape, settings.openMetrics === true);
  const stopRegular: (() => void)[] = [];

  async function close(): Promise<void> {
    isEnding = true;
    for (const stop of stopRegular) stop();
    const giveUp = AbortSignal.timeout(DRAIN_MS);
    giveUp.addEventListener("abort", () => app.server.closeAllConnections(), { once: true });
    await receiver.drain(giveUp);
    await app.close();
    await parts.close();
    await metrics.close();
  }

  try {
    await parts.start();
    stopRegular.push(
      runRegularly(REFRESH_BUDGETS_MS, "taking over budgets", () => parts.managedBudgets.refresh()),
      runRegularly(DAILY_MS, "forgetting what is old", () => forgetOld(parts, config)),
    );
    const port = options.port ?? settings.port ?? 4318;
    const url = await listenHttp(app, host, port);
    const grpcPort = await listenGrpc(
      receiver,
      host,
      options.grpcPort ?? settings.grpcPort ?? 4317,
    );
    return { url, grpcPort, applyConfig: parts.applyConfig, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openReceiver(
  { attributor, takeBatch }: CollectorParts,
  authenticator: Authenticator,
  { meter }: MetricsProvider,
  readiness: Readiness,
): OtlpReceiver {
  return createOtlpReceiver({
    async take(batch, { attribution }) {
      await readiness.watch(() => takeBatch(batch, attribution));
      return { outcome: "taken" };
    },
    authenticate: admit(authenticator),
    wants: (name) =>
      readsAttribute(name) || attributor.reads(name) || SENDER_ATTRIBUTES.includes(name),
    meter,
  });
}

async function listenGrpc(
  receiver: OtlpReceiver,
  host: string,
  port: number | false,
): Promise<number | undefined> {
  if (port === false) return undefined;
  try {
    return await receiver.listenGrpc(port, host);
  } catch (error) {
    throw unavailable(host, port, "--grpc-port, or none with --no-grpc", error);
  }
}

async function forgetOld(
  { ledger, series, clock }: CollectorParts,
  config: LoadedConfig,
): Promise<void> {
  await series.forgetIdle();
  const keepDays = config.ledger?.keepDays;
  if (keepDays !== undefined) await ledger.deleteEventsBefore(clock.now() - keepDays * DAILY_MS);
}
