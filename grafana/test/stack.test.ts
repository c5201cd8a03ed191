import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { CONFIG } from "../src/config.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { runTool } from "./promtool.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

const compose: {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
} = parse(await readFile(join(ROOT, "docker-compose.yml"), "utf8"));
const services = Object.entries(compose.services);

test("what services mount is there, and named volumes are declared", () => {
  const sources = services
    .flatMap(([, { volumes = [] }]) => volumes)
    .map((volume) => volume.split(":")[0] ?? "");
  const missing = sources.filter((source) =>
    source.startsWith("./") ? !existsSync(join(ROOT, source)) : !(source in compose.volumes),
  );
  expect(missing).toEqual([]);
  const builds = services.flatMap(([, { build }]) => (build === undefined ? [] : [build]));
  expect(builds.filter(({ dockerfile }) => !existsSync(join(ROOT, dockerfile)))).toEqual([]);
});

test("images of others have a full version", () => {
  const images = services.filter(([, { build }]) => build === undefined);
  const loose = images.filter(([, { image }]) => !/:v?\d+\.\d+(\.\d+)?$/.test(image));
  expect(loose.map(([name]) => name)).toEqual([]);
});

test("ports are open to this machine alone", () => {
  const ports = services.flatMap(([, service]) => service.ports ?? []);
  expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
});

test("the collector is scraped as the job that rules look at", async () => {
  const prometheus: { readonly scrape_configs: readonly { readonly job_name: string }[] } = parse(
    await readFile(join(ROOT, "examples/stack/prometheus.yaml"), "utf8"),
  );
  const jobs = prometheus.scrape_configs.map(({ job_name }) => `job="${job_name}"`);
  expect(jobs).toContain(CONFIG.collectorSelector);
});

describeWithServer("promtool", "Prometheus of the stack", () => {
  test("takes its configuration", { timeout: 30_000 }, async () => {
    const text = await readFile(join(ROOT, "examples/stack/prometheus.yaml"), "utf8");
    const verdict = await runTool("promtool", { "prometheus.yaml": text }, [
      "check",
      "config",
      "prometheus.yaml",
    ]);
    expect(verdict).toMatchObject({ ok: true });
  });
});
