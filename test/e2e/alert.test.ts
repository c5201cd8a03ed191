import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { startAlertmanager, startPrometheus } from "@tollgate/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { newFolder, runCollector } from "./running-collector.ts";

const GENERATED = join(import.meta.dirname, "../../grafana/generated");
/** The rule waits a minute before it fires. */
const UNTIL_TOLD_MS = 120_000;

const messageSchema = z.object({
  status: z.enum(["firing", "resolved"]),
  alerts: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
    }),
  ),
});
type Message = z.infer<typeof messageSchema>;

async function startWebhook(): Promise<{ url: string; messages: readonly Message[] }> {
  const messages: Message[] = [];
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    messages.push(messageSchema.parse(await json(request)));
    response.end();
  }
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, messages };
}

/** As it is shipped, but with somebody to be told, and sooner. */
async function alertmanagerConfig(webhook: string): Promise<string> {
  const shipped = await readFile(join(GENERATED, "alertmanager/alertmanager.yaml"), "utf8");
  return shipped
    .replace("group_wait: 10s", "group_wait: 1s")
    .replace("group_interval: 5m", "group_interval: 1s")
    .replace("- name: tollgate-page", `$&\n    webhook_configs: [{ url: "${webhook}" }]`);
}

describeWithServer(["prometheus", "alertmanager"], "a budget that is used up", () => {
  test(
    "pages once, by the rules as they are shipped, and is resolved by a higher limit",
    { timeout: 3 * UNTIL_TOLD_MS },
    async () => {
      const { url, messages } = await startWebhook();
      const collector = await runCollector(await newFolder(), "");
      const alertmanager = await startAlertmanager(await alertmanagerConfig(url));
      onTestFinished(() => alertmanager.stop());
      const prometheus = await startPrometheus({
        targets: [`${collector.url}/metrics`],
        rules: join(GENERATED, "rules/tollgate.rules.yaml"),
        alertmanager: alertmanager.host,
      });
      onTestFinished(() => prometheus.stop());

      const limitTo = async (usd: number): Promise<void> => {
        const policy = { limit: { usd }, window: "total" };
        const { status } = await collector.post("/v1/budgets/atlas-total", policy, "PUT");
        expect(status).toBe(200);
      };
      await limitTo(1);
      const event = { id: "loop-1", project: "atlas", model: "gpt-4o", cost_usd: 1.2 };
      expect((await collector.post("/v1/token-events", event)).status).toBe(201);

      const until = (count: number): Promise<void> =>
        vi.waitFor(() => expect(messages.length).toBeGreaterThanOrEqual(count), {
          timeout: UNTIL_TOLD_MS,
          interval: 200,
        });
      await until(1);
      await limitTo(100);
      await until(2);

      const told = messages.map(({ status, alerts }) => [
        status,
        ...alerts.map(({ labels }) => [labels["alertname"], labels["tollgate_budget"]]),
      ]);
      expect(told).toEqual([
        ["firing", ["TollgateBudgetExhausted", "atlas-total"]],
        ["resolved", ["TollgateBudgetExhausted", "atlas-total"]],
      ]);
      const [runbook] = messages.flatMap(({ alerts }) => alerts);
      expect(runbook?.annotations["runbook_url"]).toMatch(/TollgateBudgetExhausted/);
    },
  );
});
