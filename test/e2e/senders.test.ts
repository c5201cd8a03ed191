import { join } from "node:path";
import { runNode, startFakeProvider } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { newFolder, runCollector, summaryOf, type CollectorProcess } from "./running-collector.ts";

const YAML = `
budgets:
  - { id: everything, limit: { usd: 100 }, window: total }
collector: { dedupWindowSeconds: 1, signalWindowSeconds: 2 }
`;
const USAGE = {
  inputTokens: 1_000,
  outputTokens: 500,
  cacheReadTokens: 400,
  reasoningTokens: 100,
} as const;
const PROTOCOLS = ["http/protobuf", "http/json", "grpc"] as const;

/** What a sender makes: calls that the provider answers with counts, and one that fails. */
interface Sender {
  readonly script: string;
  readonly args?: readonly string[];
  readonly chats: number;
  readonly embeddings: number;
}

const SENDERS: readonly Sender[] = [
  { script: "ai-sdk-7", chats: 2, embeddings: 1 },
  { script: "ai-sdk-6", chats: 2, embeddings: 1 },
  { script: "anthropic-sdk", chats: 3, embeddings: 0 },
  { script: "openlit", chats: 2, embeddings: 1 },
];

async function runSender(
  { script, args = [] }: Sender,
  collector: CollectorProcess,
  protocol: (typeof PROTOCOLS)[number],
): Promise<void> {
  let asked = 0;
  const provider = await startFakeProvider({
    respond: () => (++asked < 4 ? { usage: USAGE } : { status: 429 }),
  });
  onTestFinished(() => provider.close());
  const folder = join(import.meta.dirname, "apps/senders");
  const app = runNode({
    script: join(folder, `${script}.mjs`),
    args,
    nodeArgs: ["--import", join(folder, "send-instead.mjs")],
    env: {
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      OPENAI_API_KEY: "sk-test",
      ANTHROPIC_BASE_URL: provider.url,
      ANTHROPIC_API_KEY: "sk-test",
      OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT:
        protocol === "grpc" ? `http://127.0.0.1:${collector.grpcPort}` : collector.url,
    },
  });
  const { code, stderr } = await app.exited;
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
}

async function untilBooked(collector: CollectorProcess, events: number): Promise<void> {
  await vi.waitFor(
    async () => expect((await summaryOf(collector)).events).toBeGreaterThanOrEqual(events),
    { timeout: 30_000, interval: 200 },
  );
}

/** What is heard on the stream, by the ids of its events. */
async function follow(collector: CollectorProcess) {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const response = await fetch(`${collector.url}/v1/stream`, { signal: gone.signal });
  const heard: string[] = [];
  const reading = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      heard.splice(0, heard.length, ...[...text.matchAll(/^id: (.*)$/gm)].map(([, id = ""]) => id));
    }
  };
  reading().catch(() => undefined);
  return heard;
}

const budgetsSchema = z.object({
  budgets: z.array(z.object({ counters: z.array(z.object({ spent: z.number() })) })),
});

describe.each(SENDERS)("the own telemetry of $script", (sender) => {
  test.each(PROTOCOLS)("over %s: the provider's counts, once each", async (protocol) => {
    const collector = await runCollector(await newFolder(), YAML);
    const heard = await follow(collector);
    await runSender(sender, collector, protocol);
    const calls = sender.chats + sender.embeddings;
    await untilBooked(collector, calls + 1);
    const summary = await summaryOf(collector);
    expect(summary).toMatchObject({
      events: calls + 1,
      failed_events: 1,
      tokens_in: calls * USAGE.inputTokens,
      tokens_out: sender.chats * USAGE.outputTokens,
      cache_read_tokens: sender.chats * USAGE.cacheReadTokens,
    });
    expect(summary.cost_nano_usd).toBeGreaterThan(0);
    const { budgets } = await collector.get("/v1/budgets", budgetsSchema);
    const spent = budgets[0]?.counters[0]?.spent ?? 0;
    expect(Math.round(spent * 1e9)).toBe(summary.cost_nano_usd);
    await vi.waitFor(() => expect(heard).toHaveLength(calls + 1));
    expect(new Set(heard).size).toBe(heard.length);
  });
});
