import { join } from "node:path";
import { startPostgres, startRedis } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { expectAgreement, type Sums } from "./audit.ts";
import { BUDGETS, startTestCollector, type TestCollector } from "./collectors.ts";
import { createSender, type Sender } from "./sender.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

const AT_LENGTH = process.env["PROVE"] === "at-length";
const KILLS = AT_LENGTH ? 60 : 20;
const LIMIT_MS = AT_LENGTH ? 3_600_000 : 300_000;
const AUDIT_MS = 120_000;
const QUICK = "collector: { dedupWindowSeconds: 1 }\n";

/** Kills one after the other, each after some more was acknowledged, while senders go on. */
async function killUnderLoad(collectors: readonly TestCollector[], sender: Sender): Promise<void> {
  const stop = new AbortController();
  const sending = sender.run(stop.signal);
  for (let kill = 0; kill < KILLS; kill++) {
    const wanted = sender.acknowledged.size + 1 + Math.floor(Math.random() * 400);
    await expect
      .poll(() => sender.acknowledged.size, { timeout: 60_000, interval: 3 })
      .toBeGreaterThanOrEqual(wanted);
    await collectors[kill % collectors.length]?.restart();
  }
  stop.abort();
  await sending;
}

function report(what: string, { events }: Sums): void {
  if (AT_LENGTH) process.stdout.write(`  ${what}: ${KILLS} kills, ${events} events\n`);
}

test(
  "a collector on SQLite that is killed again and again counts and charges all that was acknowledged, once",
  { timeout: LIMIT_MS },
  async () => {
    const collector = await startTestCollector(`${BUDGETS}${QUICK}`);
    const { folder } = collector;
    const sender = createSender({
      urlOf: () => collector.url,
      lanes: 4,
      spansPerBatch: 20,
      resendEvery: 5,
    });
    await killUnderLoad([collector], sender);
    const where = join(folder, "ledger.db");
    const { url } = collector;
    const sums = await expectAgreement({ where, url, senders: [sender], timeoutMs: AUDIT_MS });
    expect(sums.events).toBeGreaterThanOrEqual(sender.acknowledged.size);
    report("SQLite", sums);
  },
);

test(
  "SIGTERM answers who is being served, keeps all of it, and ends with 0",
  { timeout: LIMIT_MS },
  async () => {
    const first = await startTestCollector(`${BUDGETS}${QUICK}`);
    let { url } = first;
    const sender = createSender({ urlOf: () => url, lanes: 8, spansPerBatch: 50 });
    const stop = new AbortController();
    const sending = sender.run(stop.signal);
    const some = { timeout: 60_000, interval: 3 };
    await expect.poll(() => sender.acknowledged.size, some).toBeGreaterThan(500);
    const beforeMs = performance.now();
    first.kill("SIGTERM");
    expect(await first.exited).toMatchObject({ code: 0, stderr: "" });
    // Loose: the machine may be busy.
    expect(performance.now() - beforeMs).toBeLessThan(30_000);

    stop.abort();
    const next = await startTestCollector(`${BUDGETS}${QUICK}`, first.folder);
    ({ url } = next);
    await sending;
    const others = [...sender.answers.keys()].filter((status) => ![0, 200, 503].includes(status));
    expect(others).toEqual([]);
    expect(sender.refusedWithoutRetryAfter).toBe(0);
    const where = join(first.folder, "ledger.db");
    await expectAgreement({ where, url, senders: [sender], timeoutMs: AUDIT_MS });
  },
);

describeWithServer(["postgres", "redis"], "two replicas on PostgreSQL and Redis", () => {
  test(
    "that are killed again and again count and charge all that was acknowledged, once",
    { timeout: LIMIT_MS },
    async () => {
      const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
      onTestFinished(async () => void (await Promise.all([postgres.stop(), redis.stop()])));
      const config = `${BUDGETS}${QUICK}ledger: { postgres: "${postgres.url}" }\nstore: { redis: "${redis.url}" }\n`;
      const collectors = [await startTestCollector(config), await startTestCollector(config)];
      let next = 0;
      const urlOf = (): string => collectors[next++ % 2]?.url ?? "";
      const sender = createSender({ urlOf, lanes: 4, spansPerBatch: 20, resendEvery: 5 });
      await killUnderLoad(collectors, sender);
      const url = collectors[0]?.url ?? "";
      // What a replica held that was killed is taken over after a minute.
      const audited = { where: postgres.url, url, senders: [sender] };
      const sums = await expectAgreement({ ...audited, timeoutMs: 200_000 });
      expect(sums.events).toBeGreaterThanOrEqual(sender.acknowledged.size);
      report("PostgreSQL", sums);
    },
  );
});
