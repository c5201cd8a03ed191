import { createConnection, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { findServer } from "./find-server.ts";
import { startServer } from "./server-process.ts";

export interface RedisOptions {
  /** Where it listens. @defaultValue any free loopback port */
  readonly port?: number;
  /** Writes everything down and reads it again when it is started in `folder`. @defaultValue false */
  readonly folder?: string;
  /** When what it writes down is safe from a power cut. @defaultValue `always`: before it answers */
  readonly fsync?: "always" | "everysec";
  readonly cluster?: boolean;
  /** @defaultValue 10,000 */
  readonly readyTimeoutMs?: number;
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Sends one command, such as `command("CLUSTER", "INFO")`. @returns the answer as it came, in RESP2. */
  command(...words: readonly string[]): Promise<string>;
  /** Ends the server by its pid, as a crash would: nothing is said or written. */
  kill(): Promise<void>;
  /** Ends the server by its pid and removes all it wrote. */
  stop(): Promise<void>;
}

/** Three masters that share all slots. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts the `redis-server` that is on `PATH`, on loopback. It keeps nothing on disk unless asked to.
 *
 * @throws Error when it is not installed (ask `findServer("redis-server")` first) or does not start.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = findServer("redis-server");
  if (program === undefined) {
    throw new Error("no redis-server on PATH; on Debian: apt-get install -y redis-server");
  }
  const server = await startServer({
    name: "redis",
    program,
    readyTimeoutMs: options.readyTimeoutMs ?? 10_000,
    ...(options.port !== undefined && { port: options.port }),
    configure: async (folder, port) => [
      `--port ${port}`,
      "--bind 127.0.0.1",
      "--loglevel warning",
      '--save ""',
      `--dir ${options.folder ?? folder}`,
      ...(options.folder === undefined
        ? []
        : ["--appendonly yes", `--appendfsync ${options.fsync ?? "always"}`]),
      ...(options.cluster ? ["--cluster-enabled yes", "--cluster-node-timeout 2000"] : []),
    ],
    isReady: async (port) => (await ask(port, ["PING"])).startsWith("+PONG"),
  });
  return {
    url: `redis://127.0.0.1:${server.port}`,
    port: server.port,
    pid: server.pid,
    command: (...words) => ask(server.port, words),
    async kill() {
      process.kill(server.pid, "SIGKILL");
      await server.stop();
    },
    stop: () => server.stop(),
  };
}

const SLOTS = 16_384;

/** Starts three nodes and waits until they agree that their cluster is complete. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all([1, 2, 3].map(() => startRedis({ cluster: true })));
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((one) => one.stop())));
  try {
    await join(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, urls: nodes.map(({ url }) => url), stop };
}

async function join(nodes: readonly RedisServer[]): Promise<void> {
  const [first] = nodes;
  const share = Math.ceil(SLOTS / nodes.length);
  await Promise.all(
    nodes.map(async (node, index) => {
      const last = Math.min(SLOTS, (index + 1) * share) - 1;
      await node.command("CLUSTER", "ADDSLOTSRANGE", String(index * share), String(last));
      await node.command("CLUSTER", "SET-CONFIG-EPOCH", String(index + 1));
      if (node !== first) await node.command("CLUSTER", "MEET", "127.0.0.1", String(first?.port));
    }),
  );
  const deadlineMs = performance.now() + 20_000;
  /* oxlint-disable no-await-in-loop -- polling */
  for (;;) {
    const infos = await Promise.all(nodes.map((node) => node.command("CLUSTER", "INFO")));
    const agree = (info: string): boolean =>
      info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${nodes.length}`);
    if (infos.every(agree)) return;
    if (performance.now() > deadlineMs) throw new Error(`no Redis Cluster:\n${infos.join("\n")}`);
    await wait(50);
  }
  /* oxlint-enable no-await-in-loop */
}

/** One command on a connection of its own; enough for what tests ask. */
function ask(port: number, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = createConnection(port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8");
    socket.setTimeout(2_000, () => socket.destroy(new Error("Redis did not answer in 2 s")));
    socket.on("data", (chunk: string) => (answer += chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.end(`*${parts.length}\r\n${parts.join("")}`);
  });
}
