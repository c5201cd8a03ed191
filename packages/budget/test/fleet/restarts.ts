import { mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis, type RedisServer } from "@tollgate/testkit";

/** A Redis that is stopped and started again in the middle of a run. */
export interface RestartingRedis {
  readonly url: string;
  /** Before the run has come to its restart; what is lost in a power cut is what came after. */
  mark(): void;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface RestartMode {
  readonly fsync: "always" | "everysec" | "never";
  readonly end: "SHUTDOWN" | "kill -9" | "power cut";
  /**
   * Of whose calls, ended or under way before it, nobody may know any more: those of processes that are dead when
   * it is back, or of all.
   */
  readonly forgets: "nothing" | "the dead" | "all";
}

/** What has been written for longer is on the disk, also of a busy machine with `appendfsync everysec`. */
const UNSURE_MS = 2_000;

export const RESTARTS: Readonly<Record<string, RestartMode>> = {
  "SHUTDOWN, appendfsync always": { fsync: "always", end: "SHUTDOWN", forgets: "nothing" },
  "kill -9, appendfsync always": { fsync: "always", end: "kill -9", forgets: "nothing" },
  "kill -9, appendfsync everysec": { fsync: "everysec", end: "kill -9", forgets: "the dead" },
  "power cut, appendfsync everysec": { fsync: "everysec", end: "power cut", forgets: "the dead" },
  "SHUTDOWN NOSAVE, nothing on disk": { fsync: "never", end: "SHUTDOWN", forgets: "all" },
};

export async function startRestartingRedis({ fsync, end }: RestartMode): Promise<RestartingRedis> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-restarts-"));
  const options = fsync === "never" ? {} : { folder, fsync };
  const written = join(folder, "appendonlydir", "appendonly.aof.1.incr.aof");
  let redis: RedisServer = await startRedis(options);
  let safe = { bytes: 0, atMs: 0 };
  const { url, port } = redis;

  return {
    url,
    mark() {
      if (end === "power cut") safe = { bytes: statSync(written).size, atMs: performance.now() };
    },
    async restart() {
      if (end === "SHUTDOWN") {
        await redis.command("SHUTDOWN", ...(fsync === "never" ? ["NOSAVE"] : []));
        await redis.stop();
      } else {
        await redis.kill();
      }
      // A killed process loses nothing that it has given to the kernel; a machine without power does.
      const isUnsure = performance.now() - safe.atMs < UNSURE_MS;
      if (end === "power cut" && isUnsure) truncateSync(written, safe.bytes);
      redis = await startRedis({ ...options, port });
    },
    async stop() {
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
