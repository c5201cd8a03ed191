import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runNode, startPrometheus, type PrometheusServer } from "@tollgate/testkit";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { describeWithServer } from "@tollgate/testkit/vitest";

describeWithServer("prometheus", "startPrometheus", () => {
  let target: Server;
  let prometheus: PrometheusServer;
  // Of our own, so that servers elsewhere on the machine do not matter.
  let temporary: string;
  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), "tollgate-test-"));
    vi.stubEnv("TMPDIR", temporary);
    target = createServer((request, response) => {
      response.end(request.url === "/custom" ? 'tolls{gate="north"} 42\n' : "tolls 1\n");
    });
    await new Promise<void>((resolve) => {
      target.listen(0, "127.0.0.1", resolve);
    });
    const host = `127.0.0.1:${portOf(target)}`;
    prometheus = await startPrometheus({
      targets: [host, `http://${host}/custom`],
      scrapeIntervalMs: 200,
    });
  }, 30_000);
  afterAll(async () => {
    await prometheus.stop();
    target.closeAllConnections();
    target.close();
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });

  it("scrapes its targets, each at its own path", async () => {
    const answer = await prometheus.queryUntil("sum(tolls)", ([sum]) => sum?.value === 43);
    expect(answer).toEqual([{ metric: {}, value: 43 }]);
    const [custom] = await prometheus.query('tolls{gate="north"}');
    expect(custom).toMatchObject({ metric: { job: "tollgate", gate: "north" }, value: 42 });
  }, 30_000);

  it("answers scalars and infinities as numbers", async () => {
    expect(await prometheus.query("1 / 0")).toEqual([{ metric: {}, value: Infinity }]);
  });

  it("repeats what Prometheus says of a wrong expression", async () => {
    await expect(prometheus.query("sum(")).rejects.toThrow(/cannot evaluate sum\(: .*parse error/);
    await expect(prometheus.query("tolls[1m]")).rejects.toThrow("a matrix, not a vector");
  });

  it("gives up waiting with the last answer", async () => {
    await expect(prometheus.queryUntil("vector(1)", () => false, 1)).rejects.toThrow(
      'vector(1) was [{"metric":{},"value":1}] after 1 ms',
    );
  });

  it("ends the process and removes its folder when stopped, as often as asked", async () => {
    const before = readdirSync(temporary);
    const second = await startPrometheus({ targets: [] });
    expect(readdirSync(temporary).length).toBe(before.length + 1);
    await Promise.all([second.stop(), second.stop()]);
    expect(isAlive(second.pid)).toBe(false);
    expect(readdirSync(temporary)).toEqual(before);
  });

  it("leaves nothing behind when its starter is killed hard", async () => {
    const before = readdirSync(temporary);
    const script = fileURLToPath(new URL("apps/dies-with-prometheus.ts", import.meta.url));
    const child = runNode({ script });
    const pid = Number((await child.untilStdout(/pid (\d+)\n/))[1]);
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
    await expect.poll(() => readdirSync(temporary), { timeout: 5000 }).toEqual(before);
  }, 30_000);
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
