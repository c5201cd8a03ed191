import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPostgres, startRedis } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { expectAgreement } from "./audit.ts";
import { BUDGETS, startTestCollector, temporaryFolder, type TestCollector } from "./collectors.ts";
import { createSender, type Sender } from "./sender.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

const AT_LENGTH = process.env["PROVE"] === "at-length";
const OUTAGE_MS = AT_LENGTH ? 60_000 : 6_000;
const LIMIT_MS = 600_000;
const AUDIT_MS = 200_000;
const SOON = { timeout: 120_000, interval: 50 };
const QUICK = "collector: { dedupWindowSeconds: 1 }\n";
const MIB = 1024 * 1024;

interface Outage {
  readonly begin: () => void | Promise<void>;
  readonly end: () => void | Promise<void>;
  /** Whether nothing can be kept meanwhile, so that senders are sent away. */
  readonly refuses: boolean;
}

/** Senders go on while something is away. */
async function goThrough(
  collector: TestCollector,
  sender: Sender,
  { begin, end, refuses }: Outage,
): Promise<void> {
  const ready = async (): Promise<number> => (await fetch(`${collector.url}/readyz`)).status;
  const stop = new AbortController();
  const sending = sender.run(stop.signal);
  const more = (count: number) =>
    expect.poll(() => sender.acknowledged.size, SOON).toBeGreaterThan(count);
  await more(300);
  expect(await ready()).toBe(200);
  const rssBefore = residentBytes(collector.pid);
  await begin();
  const outage = performance.now();
  await expect.poll(ready, SOON).toBe(refuses ? 503 : 200);
  const takenBefore = sender.acknowledged.size;
  const goesOn = (): number =>
    refuses ? (sender.answers.get(503) ?? 0) : sender.acknowledged.size - takenBefore;
  await expect.poll(goesOn, SOON).toBeGreaterThan(refuses ? 0 : 100);
  await expect.poll(() => performance.now() - outage, SOON).toBeGreaterThan(OUTAGE_MS);
  await end();
  await more(sender.acknowledged.size + 300);
  await expect.poll(ready, SOON).toBe(200);
  stop.abort();
  await sending;
  expect(sender.refusedWithoutRetryAfter).toBe(0);
  const others = [...sender.answers.keys()].filter(
    (status) => ![0, 200, 429, 503].includes(status),
  );
  expect(others).toEqual([]);
  // Loose: what the garbage collector has not yet given back is in it.
  expect(residentBytes(collector.pid) - rssBefore).toBeLessThan(400 * MIB);
}

function residentBytes(pid: number): number {
  const [, kilobytes = "0"] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

function createTestSender(collector: TestCollector): Sender {
  return createSender({ urlOf: () => collector.url, lanes: 4, spansPerBatch: 20, pauseMs: 20 });
}

/** A disk of its own, which only root can make. @returns `undefined` for others */
function mountDisk(size: string): string | undefined {
  if (process.getuid?.() !== 0 || process.platform !== "linux") return undefined;
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["--lazy", folder]));
  return folder;
}

test(
  "a full disk loses nothing, and work goes on when there is room",
  { timeout: LIMIT_MS },
  async ({ skip }) => {
    const disk = mountDisk("64m");
    if (disk === undefined) return skip("no disk can be mounted here");
    const collector = await startTestCollector(`${BUDGETS}${QUICK}`, disk);
    const sender = createTestSender(collector);
    const ballast = join(disk, "ballast");
    await goThrough(collector, sender, {
      begin() {
        try {
          writeFileSync(ballast, Buffer.alloc(64 * MIB));
        } catch {
          // As much as there was room for.
        }
      },
      end: () => rmSync(ballast),
      refuses: true,
    });
    const { events } = await expectAgreement({
      where: join(disk, "ledger.db"),
      url: collector.url,
      senders: [sender],
      timeoutMs: AUDIT_MS,
    });
    expect(events).toBeGreaterThanOrEqual(sender.acknowledged.size);
    return undefined;
  },
);

describeWithServer(["postgres", "redis"], "while a server is away", () => {
  test.for([
    { name: "a PostgreSQL that hangs", away: "postgres" },
    { name: "a Redis that hangs", away: "redis" },
    { name: "a Redis that is killed and started again", away: "redis-killed" },
  ] as const)(
    "$name loses nothing, and is caught up with",
    { timeout: LIMIT_MS },
    async ({ away }) => {
      const redisFolder = temporaryFolder();
      const postgres = await startPostgres();
      onTestFinished(() => postgres.stop());
      let redis = await startRedis({ folder: redisFolder, fsync: "always" });
      onTestFinished(() => redis.stop());
      const collector = await startTestCollector(
        `${BUDGETS}${QUICK}ledger: { postgres: "${postgres.url}" }\nstore: { redis: "${redis.url}" }\n`,
      );
      const sender = createTestSender(collector);
      const { port } = redis;
      const outages: Record<typeof away, Outage> = {
        postgres: {
          // Its postmaster and the processes of its connections.
          begin: () => signalTree(postgres.pid, "SIGSTOP"),
          end: () => signalTree(postgres.pid, "SIGCONT"),
          refuses: true,
        },
        redis: {
          begin: () => void process.kill(redis.pid, "SIGSTOP"),
          end: () => void process.kill(redis.pid, "SIGCONT"),
          refuses: false,
        },
        "redis-killed": {
          begin: () => redis.kill(),
          async end() {
            redis = await startRedis({ folder: redisFolder, fsync: "always", port });
          },
          refuses: false,
        },
      };
      await goThrough(collector, sender, outages[away]);
      const { url } = collector;
      const { events } = await expectAgreement({
        where: postgres.url,
        url,
        senders: [sender],
        timeoutMs: AUDIT_MS,
      });
      expect(events).toBeGreaterThanOrEqual(sender.acknowledged.size);
    },
  );
});

function signalTree(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  for (const each of [pid, ...children.map(Number).filter((child) => child > 0)]) {
    process.kill(each, signal);
  }
}
