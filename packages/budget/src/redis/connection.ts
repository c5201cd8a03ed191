import { createRequire } from "node:module";
import { diag } from "@opentelemetry/api";
import { TollgateError } from "@tollgate/core";

/** What the store needs of a client: the clients and cluster clients of `redis` and `@redis/client` have it. */
export interface RedisScriptClient {
  evalSha(sha: string, call: ScriptCall): Promise<unknown>;
  eval(script: string, call: ScriptCall): Promise<unknown>;
}

export interface ScriptCall {
  keys: string[];
  arguments: string[];
}

/** A connection that comes and goes. */
export interface Connection {
  /** The client once it has connected for the first time; rejects when it never can. */
  readonly client: Promise<RedisScriptClient>;
  /** Hears whenever the server can be reached again. @returns a function that takes the listener off again */
  onReady(listener: () => void): () => void;
  /** The server is no primary any more: connects anew, as the address may lead to another one by now. */
  reconnect(): void;
  /** Lets the process end, or not: it should not while an answer is awaited. */
  hold(busy: boolean): void;
  close(): Promise<void>;
}

const LONGEST_BACKOFF_MS = 2_000;
const RECONNECT_EVERY_MS = 1_000;

/**
 * Connects by `@redis/client`, which is loaded now. Goes on trying for ever.
 *
 * @param urls - one of a server, or several nodes of a cluster.
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when `@redis/client` is not installed or a URL is none.
 */
export function connect(urls: readonly string[], cluster: boolean, timeoutMs: number): Connection {
  requireClient();
  const hosts = urls.map(checkUrl);
  const ready = new Set<() => void>();
  let away = false;
  let hold: ((busy: boolean) => void) | undefined;
  let isBusy = false;
  let end: (() => Promise<void>) | undefined;
  let reopen: (() => Promise<unknown>) | undefined;
  let reopenedMs = Number.NEGATIVE_INFINITY;
  let closed = false;

  function onError(error: unknown): void {
    if (!away) diag.warn(`tollgate: Redis at ${hosts.join(", ")} cannot be reached`, error);
    away = true;
  }
  function onReady(): void {
    away = false;
    for (const listener of ready) listener();
  }

  async function open(): Promise<RedisScriptClient> {
    const { createClient, createCluster } = await import("@redis/client");
    const options = {
      disableOfflineQueue: true,
      // The store has its own deadlines, which cost a tenth of an AbortSignal per command.
      commandOptions: { timeout: 0 },
      socket: { connectTimeout: Math.max(timeoutMs, 1_000), reconnectStrategy: backoffMs },
    };
    if (!cluster) {
      const client = createClient({ ...options, url: urls[0] ?? "" });
      end = async () => client.destroy();
      hold = (busy) => (busy ? client.ref() : client.unref());
      client.on("error", onError).on("ready", onReady);
      if (closed) throw new Error("the store is closed");
      await client.connect();
      hold(isBusy);
      reopen = async () => {
        client.destroy();
        await client.connect();
        hold?.(isBusy);
      };
      return client;
    }
    const first = new URL(urls[0] ?? "");
    const login = {
      ...(first.username !== "" && { username: decodeURIComponent(first.username) }),
      ...(first.password !== "" && { password: decodeURIComponent(first.password) }),
      ...(first.protocol === "rediss:" && { socket: { ...options.socket, tls: true as const } }),
    };
    const nodes = createCluster({
      rootNodes: urls.map((url) => ({ url })),
      defaults: { ...options, ...login },
      topologyRefreshOnReconnectionAttemptStrategy: 500,
    });
    end = async () => nodes.destroy();
    hold = (busy) => {
      for (const { client } of nodes.nodeByAddress.values()) {
        if (busy) client?.ref();
        else client?.unref();
      }
    };
    nodes.on("error", onError).on("node-error", onError).on("node-ready", onReady);
    await connectForSure(
      () => nodes.connect(),
      () => closed,
    );
    hold(isBusy);
    return nodes;
  }

  const client = open();
  client.catch(onError);
  return {
    client,
    onReady(listener) {
      ready.add(listener);
      return () => void ready.delete(listener);
    },
    reconnect() {
      const nowMs = performance.now();
      // A name may go on leading to the old primary for a while.
      if (reopen === undefined || closed || nowMs - reopenedMs < RECONNECT_EVERY_MS) return;
      reopenedMs = nowMs;
      diag.warn(`tollgate: Redis at ${hosts.join(", ")} has become a replica; connecting anew`);
      reopen().catch(onError);
    },
    hold(busy) {
      isBusy = busy;
      hold?.(busy);
    },
    async close() {
      closed = true;
      ready.clear();
      await end?.().catch(() => undefined);
    },
  };
}

/** A client that the app owns: connected and closed by the app. */
export function borrow(client: RedisScriptClient & { on?: unknown; off?: unknown }): Connection {
  const { on, off } = client;
  return {
    client: Promise.resolve(client),
    onReady(listener) {
      const events = ["ready", "node-ready"];
      if (typeof on !== "function") return () => undefined;
      for (const event of events) on.call(client, event, listener);
      return () => {
        if (typeof off !== "function") return;
        for (const event of events) off.call(client, event, listener);
      };
    },
    reconnect: () => undefined,
    hold: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** A cluster's client gives up when no root node answers. */
async function connectForSure(
  attempt: () => Promise<unknown>,
  given: () => boolean,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await attempt();
      return;
    } catch (error) {
      if (given()) throw error;
      diag.warn("tollgate: no node of the Redis Cluster can be reached", error);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, backoffMs(tries));
        timer.unref();
      });
    }
  }
}

/** Full jitter, so that a fleet does not come back all at once. */
function backoffMs(tries: number): number {
  return 20 + Math.random() * Math.min(LONGEST_BACKOFF_MS, 50 * 2 ** tries);
}

function requireClient(): void {
  try {
    createRequire(import.meta.url).resolve("@redis/client");
  } catch {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      "budgets in Redis need the package @redis/client, which is not installed: npm install @redis/client",
    );
  }
}

/** @returns its host, which is all that may be logged. */
function checkUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "redis:" || parsed?.protocol === "rediss:") return parsed.host;
  throw new TollgateError(
    "TOLLGATE_CONFIG_INVALID",
    "a Redis server is named by a URL such as redis://user:password@host:6379 or rediss://host:6379",
  );
}

/** What the client says of a command that it kept to itself. */
const NEVER_SENT: ReadonlySet<string> = new Set(["ClientOfflineError", "ClientClosedError"]);

/** Whether Redis may have heard of a command that failed so. */
export function wasSent(error: unknown): boolean {
  if (error instanceof RangeError || !(error instanceof Error)) return false;
  return !NEVER_SENT.has(error.constructor.name);
}
