import { diag } from "@opentelemetry/api";
import { systemClock, TollgateError, type Clock } from "@tollgate/core";
import type { BudgetStore } from "../store/store.ts";
import { borrow, connect, type RedisScriptClient } from "./connection.ts";
import { openOutbox } from "../outbox/outbox.ts";
import { createDeadlines } from "./deadlines.ts";
import { createPartition, type Partition } from "./partition.ts";
import { createPartitionedStore } from "./partitioned-store.ts";
import { createPartitions } from "./partitions.ts";
import { createPendingEnds, type PendingEnd } from "./pending-ends.ts";
import { createUntoldNews } from "./untold-news.ts";

export interface RedisStoreOptions {
  /**
   * `redis://user:password@host:6379/0`, or `rediss://` for TLS; several are nodes of one Redis Cluster.
   * `@redis/client` must be installed.
   */
  readonly url?: string | readonly string[] | undefined;
  /** One node is enough to find the others of a cluster. @defaultValue whether there are several URLs */
  readonly cluster?: boolean | undefined;
  /** A connected client or cluster client of `redis` or `@redis/client` in place of a URL. It is not closed. */
  readonly client?: RedisScriptClient | undefined;
  /**
   * Processes that share budgets share it: 1 to 64 of `A-Z a-z 0-9 . _ : -`.
   *
   * @defaultValue `default`
   */
  readonly namespace?: string | undefined;
  /** How long an answer is waited for, milliseconds. @defaultValue `1_000` */
  readonly timeoutMs?: number | undefined;
  /**
   * For how long nothing is admitted after a server was started or took over, milliseconds. Until then every
   * process has asserted its live leases again: they are renewed every 15 seconds.
   *
   * @defaultValue `20_000`
   */
  readonly pauseMs?: number | undefined;
  /**
   * `organization`: each organization has keys of its own, which a Redis Cluster may have on different nodes. Hard
   * budgets must each be for one organization then.
   *
   * @defaultValue all keys of a namespace are on one node
   */
  readonly partition?: "organization" | undefined;
  /**
   * What the names of files begin with, to which ends of calls are written while Redis is away. They outlive the
   * process: this one or the next one with this path and namespace sends them, each once. Where they cannot be
   * written the ends wait in memory, and `diag` is told.
   *
   * @defaultValue none: they wait in memory
   */
  readonly outbox?: string | undefined;
  /** How many ends of calls may wait in memory while Redis is away. @defaultValue `10_000` */
  readonly maxPending?: number | undefined;
  /** Gets the ends that could neither be sent nor written down before the store was closed. They may be ended again later. */
  readonly onGivenUp?: ((ends: readonly PendingEnd[]) => void) | undefined;
  /** A clock that decides in place of the server's, for tests. */
  readonly clock?: Clock | undefined;
}

const NAMESPACE = /^[A-Za-z0-9._:-]{1,64}$/;

/**
 * Keeps budgets in Redis (7 or later) or Valkey: one exact count for a fleet.
 *
 * Every operation is one script, so one atomic step, and windows follow the server's clock. While Redis is
 * away operations reject within `timeoutMs`, so that each budget's `onStoreError` decides; the ends of
 * calls wait and are sent when it is back.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when an option is wrong or `@redis/client` is missing.
 */
export function openRedisStore(options: RedisStoreOptions): BudgetStore {
  const { namespace = "default", timeoutMs = 1_000, clock = systemClock } = options;
  if (!NAMESPACE.test(namespace)) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `the Redis namespace ${JSON.stringify(namespace)} is no name; use 1 to 64 of A-Z a-z 0-9 . _ : -`,
    );
  }
  const connection = open(options, timeoutMs);
  const deadlines = createDeadlines(timeoutMs, connection.hold);
  const outboxPath = options.outbox && `${options.outbox}.${fileName(namespace)}`;
  const news = createUntoldNews();
  const pending = createPendingEnds({
    most: options.maxPending ?? 10_000,
    outbox: outboxPath ? openOutbox(outboxPath) : undefined,
    outboxPath,
    async send(end) {
      const partition = await partitions.open(end.partition);
      news.add((await partition.sendEnd(end)).notices);
    },
  });
  const partitions = createPartitions({
    create: (name, onNewEpoch) =>
      createPartition({
        onNewEpoch,
        connection,
        deadlines,
        tag:
          name === undefined
            ? namespace
            : `${namespace}/${encodeURIComponent(name.toWellFormed())}`,
        name,
        clock,
        clockDecides: options.clock !== undefined,
        pauseMs: options.pauseMs ?? 20_000,
        pending,
      }),
    tell: news.add,
  });
  // Behind those of the partitions, which find out first whether this is another server.
  const stopListening = connection.onReady(() => void pending.flush());
  const store =
    options.partition === undefined
      ? createWholeStore(partitions.first)
      : createPartitionedStore(partitions, clock);
  return {
    ...news.withNews(store),
    async close() {
      const givenUp = await pending.close();
      if (givenUp.length > 0) (options.onGivenUp ?? warnOfGivenUp)(givenUp);
      partitions.close();
      stopListening();
      await connection.close();
    },
  };
}

/** All in one partition. */
function createWholeStore(whole: Partition): BudgetStore {
  return {
    scope: "shared",
    reserve: whole.reserve,
    settle: (leaseId, amounts) => whole.end(leaseId, amounts),
    release: (leaseId) => whole.end(leaseId, undefined),
    renew: whole.renew,
    async control(key, control) {
      await whole.control(key, control);
    },
    topUp: whole.topUp,
    states: whole.states,
    close: whole.close,
  };
}

/** No `-`, which the names of an outbox go on with: no namespace may look like the beginning of another. */
function fileName(namespace: string): string {
  return encodeURIComponent(namespace).replaceAll("-", "%2D");
}

function open(
  { url, cluster, client }: RedisStoreOptions,
  timeoutMs: number,
): ReturnType<typeof connect> {
  if (client !== undefined && url === undefined) return borrow(client);
  const urls = typeof url === "string" ? [url] : (url ?? []);
  if (client !== undefined || urls.length === 0) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      'a Redis store needs either a url or a client: openRedisStore({ url: "redis://localhost:6379" })',
    );
  }
  return connect(urls, cluster ?? urls.length > 1, timeoutMs);
}

function warnOfGivenUp(ends: readonly PendingEnd[]): void {
  diag.warn(
    `tollgate: ${ends.length} ends of calls could not be sent to Redis; they are charged as held`,
  );
}
