import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@tollgate/config";
import { expect, onTestFinished, test } from "vitest";
import { startCollector, type RunningCollector } from "../src/index.ts";

const CONFIGURED = `
budgets: [{ id: configured, limit: { usd: 5 }, window: total }]
guards: [{ id: runaway, callsPerMinute: 300 }]
`;

async function startIn(folder: string, yaml: string): Promise<RunningCollector> {
  writeFileSync(join(folder, "tollgate.yaml"), yaml);
  const collector = await startCollector({
    config: loadConfig({ env: {}, cwd: folder }),
    dataFolder: folder,
    port: 0,
    grpcPort: false,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= collector.close());
  onTestFinished(close);
  return { ...collector, close };
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-managed-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function put({ url }: RunningCollector, id: string, more: object = {}): Promise<Response> {
  return fetch(`${url}/v1/budgets/${id}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ limit: { usd: 1 }, window: "day", ...more }),
  });
}

async function budgetsOf({ url }: RunningCollector): Promise<string> {
  return (await fetch(`${url}/v1/budgets`)).text();
}

test("budgets that were made stay when an edited configuration is put in force", async () => {
  const folder = makeFolder();
  const collector = await startIn(folder, CONFIGURED);
  expect((await put(collector, "made")).status).toBe(200);
  writeFileSync(join(folder, "tollgate.yaml"), CONFIGURED.replace("usd: 5", "usd: 7"));
  collector.applyConfig(loadConfig({ env: {}, cwd: folder }));
  const budgets = await budgetsOf(collector);
  expect(budgets).toContain('"limit":{"usd":7}');
  expect(budgets).toContain('"id":"made"');
});

test("prices of an edited configuration count from the next report on", async () => {
  const folder = makeFolder();
  const collector = await startIn(folder, CONFIGURED);
  const cost = async (): Promise<string> => {
    const response = await fetch(`${collector.url}/v1/token-events`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ tokens_in: 1_000_000, provider: "acme", model: "house-model" }),
    });
    return response.text();
  };
  expect(await cost()).toContain('"cost_nano_usd":null');
  const priced =
    'pricing: { overrides: [{ provider: acme, model: house-model, inputPerMtok: "2", outputPerMtok: "8" }] }';
  writeFileSync(join(folder, "tollgate.yaml"), CONFIGURED + priced);
  collector.applyConfig(loadConfig({ env: {}, cwd: folder }));
  expect(await cost()).toContain('"cost_nano_usd":2000000000');
});

test("a budget that cannot be in force here is refused, and the next start does without", async () => {
  const folder = makeFolder();
  const collector = await startIn(folder, CONFIGURED);
  const response = await put(collector, "lagging", {
    guarantee: "advisory",
    decideOn: "aggregates",
  });
  expect(response.status).toBe(400);
  await collector.close();
  expect(await budgetsOf(await startIn(folder, CONFIGURED))).not.toContain("lagging");
});
