import { startPostgres, startRedis } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { expectAgreement, readSpent } from "./audit.ts";
import { startBalancer } from "./balancer.ts";
import { startTestCollector } from "./collectors.ts";
import { createSender } from "./sender.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

const AT_LENGTH = process.env["PROVE"] === "at-length";
const REPLICAS = 3;
const SPANS = AT_LENGTH ? 50_000 : 2_000;
const SCRAPES = AT_LENGTH ? 500 : 30;
const LEASES = AT_LENGTH ? 500 : 30;
const LIMIT_MS = 1_800_000;
const LONG = { timeout: LIMIT_MS, interval: 100 };

const BUDGETS = `budgets:
  - id: all
    match: { project: "told-*" }
    limit: { usd: 1000000, tokens: 900000000000, requests: 900000000 }
    window: total
  - { id: leased, match: { project: leased }, limit: { tokens: 900000000000 }, window: total }
collector: { dedupWindowSeconds: 3, signalWindowSeconds: 3 }
`;

/** One request to whichever replica is next: no connection is used twice. */
async function ask(url: string, method: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", connection: "close" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const said = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${said}`);
  return said === "" ? undefined : JSON.parse(said);
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

/** A histogram that has grown since its start, as an SDK exports it again and again. */
function tokenHistogram(sum: number, startMs: number, timeMs: number): object {
  const point = {
    startTimeUnixNano: `${startMs}000000`,
    timeUnixNano: `${timeMs}000000`,
    count: "1",
    sum,
    bucketCounts: ["1"],
    explicitBounds: [],
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.system", "openai"),
      text("gen_ai.request.model", "gpt-4o-mini"),
      text("gen_ai.token.type", "input"),
    ],
  };
  const histogram = { aggregationTemporality: 2, dataPoints: [point] };
  const metrics = [{ name: "gen_ai.client.token.usage", histogram }];
  const resource = { attributes: [text("service.name", "told-meters")] };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: {}, metrics }] }] };
}

describeWithServer(
  ["postgres", "redis"],
  "three replicas behind a balancer, on one PostgreSQL and one Redis",
  () => {
    test("count and charge as one would, whoever gets what", { timeout: LIMIT_MS }, async () => {
      const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
      onTestFinished(async () => void (await Promise.all([postgres.stop(), redis.stop()])));
      const config = `${BUDGETS}ledger: { postgres: "${postgres.url}" }\nstore: { redis: "${redis.url}" }\n`;
      const replicas = await Promise.all(
        Array.from({ length: REPLICAS }, () => startTestCollector(config)),
      );
      const url = await startBalancer(replicas.map((replica) => replica.url));

      // Spans: outer and inner come with requests of their own, and every third batch comes again.
      const sender = createSender({
        urlOf: () => url,
        lanes: 6,
        spansPerBatch: 20,
        resendEvery: 3,
      });
      const stop = new AbortController();
      const sending = sender.run(stop.signal);

      // Metrics: one series whose exports go round.
      const startMs = Date.now() - 60_000;
      for (let scrape = 1; scrape <= SCRAPES; scrape++) {
        const body = tokenHistogram(scrape * 1_000, startMs, startMs + scrape * 100);
        await ask(`${url}/v1/metrics`, "POST", body);
        // What was sent again adds nothing.
        if (scrape % 7 === 0) await ask(`${url}/v1/metrics`, "POST", body);
      }

      // Leases: reserved at one, settled at the next, and some at the one after that too.
      const lease = z.object({ lease: z.string() });
      // A Redis that has just been started admits nothing for a while.
      const isAdmitted = async (): Promise<boolean> => {
        const call = { project: "leased", cost_usd: 0, tokens_in: 1, tokens_out: 1 };
        const reserved = await ask(`${url}/v1/budgets/reserve`, "POST", { call }).catch(
          () => undefined,
        );
        if (reserved === undefined) return false;
        await ask(`${url}/v1/budgets/release`, "POST", lease.parse(reserved));
        return true;
      };
      await expect.poll(isAdmitted, LONG).toBe(true);
      for (let count = 0; count < LEASES; count++) {
        const asked = { provider: "openai", model: "gpt-4o-mini" };
        const call = { project: "leased", ...asked, tokens_in: 500, tokens_out: 500 };
        const reserved = lease.parse(await ask(`${url}/v1/budgets/reserve`, "POST", { call }));
        const used = { ...reserved, ...asked, tokens_in: 300, tokens_out: 40 };
        await ask(`${url}/v1/budgets/settle`, "POST", used);
        if (count % 3 === 0)
          await ask(`${url}/v1/budgets/settle`, "POST", { ...used, tokens_in: 7 });
      }

      // A budget that is made at one counts at all.
      await ask(`${url}/v1/budgets/late`, "PUT", { limit: { tokens: 1_000_000 }, window: "day" });
      for (const replica of replicas) {
        await expect
          .poll(() => ask(`${replica.url}/v1/budgets`, "GET"), LONG)
          .toMatchObject({
            budgets: expect.arrayContaining([
              expect.objectContaining({ id: "late", origin: "api" }),
            ]),
          });
      }

      await expect.poll(() => sender.acknowledged.size, LONG).toBeGreaterThan(SPANS);
      stop.abort();
      await sending;
      const [first] = replicas;
      const audited = { where: postgres.url, url: first?.url ?? "", senders: [sender] };
      const sums = await expectAgreement({ ...audited, timeoutMs: 300_000 });
      expect(sums.byProject["told-meters"]).toBe(SCRAPES * 1_000);
      for (const replica of replicas) {
        expect(await readSpent(replica.url, "leased")).toEqual({ tokens: LEASES * 340 });
        expect(await readSpent(replica.url, "all")).toMatchObject({ requests: sums.calls });
      }
      if (AT_LENGTH) process.stdout.write(`  ${REPLICAS} replicas: ${sums.events} events\n`);
    });
  },
);
