import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startMetricsServer, type MetricsServer } from "../src/metrics-server.ts";
import { createScraper, parseAnnouncement } from "../src/scraper.ts";

describe("createScraper", () => {
  let runDir: string;
  let metrics: MetricsServer;
  let text: string;
  beforeEach(async () => {
    runDir = await mkdtemp(join(tmpdir(), "tollgate-scraper-test-"));
    text = "calls_total 1\n";
    metrics = await startMetricsServer(() => Promise.resolve(text));
  });
  afterEach(async () => {
    await metrics.close();
    await rm(runDir, { recursive: true });
  });
  const announce = (): Promise<void> =>
    writeFile(
      join(runDir, "7.json"),
      JSON.stringify({ pid: 7, serviceName: "planner", metricsUrl: metrics.url, startedAt: "" }),
    );

  it("finds processes as they come and reads them anew each time", async () => {
    const scraper = createScraper(runDir);
    const calls = (): number | undefined =>
      scraper.scrapes().get("planner-7")?.[0]?.samples[0]?.value;
    await scraper.poll();
    expect(calls()).toBeUndefined();
    await announce();
    await scraper.poll();
    expect(calls()).toBe(1);
    text = "calls_total 2\n";
    await scraper.poll();
    expect(calls()).toBe(2);
  });

  it("keeps the last answer of a process that has ended", async () => {
    await announce();
    const scraper = createScraper(runDir);
    await scraper.poll();
    await metrics.close();
    await scraper.poll();
    await rm(join(runDir, "7.json"));
    await scraper.poll();
    expect([...scraper.scrapes().keys()]).toEqual(["planner-7"]);
  });

  it("passes over files that are half written or something else", async () => {
    await writeFile(join(runDir, "8.json"), '{"pid":8,"serv');
    await writeFile(join(runDir, "notes.txt"), "x");
    const scraper = createScraper(runDir);
    await scraper.poll();
    expect(scraper.scrapes().size).toBe(0);
    expect(parseAnnouncement('{"pid":1,"serviceName":2,"metricsUrl":"x"}')).toBeUndefined();
    expect(parseAnnouncement("[]")).toBeUndefined();
  });
});

describe("startMetricsServer", () => {
  it("serves the text format at /metrics and says where it is elsewhere", async () => {
    const server = await startMetricsServer(() => Promise.resolve("up 1\n"));
    const response = await fetch(server.url);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await response.text()).toBe("up 1\n");
    const elsewhere = await fetch(new URL("/", server.url));
    expect(elsewhere.status).toBe(404);
    expect(await elsewhere.text()).toContain("/metrics");
    await server.close();
  });

  it("answers 500 when the metrics cannot be read", async () => {
    const server = await startMetricsServer(() => Promise.reject(new Error("gone")));
    const response = await fetch(server.url);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe("gone\n");
    await server.close();
  });
});
