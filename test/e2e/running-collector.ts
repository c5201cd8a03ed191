import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode, type NodeProcess } from "@tollgate/testkit";
import { onTestFinished } from "vitest";
import * as z from "zod";

/** A collector in a process of its own. */
export interface CollectorProcess {
  readonly process: NodeProcess;
  /** OTLP over HTTP, REST, MCP and `/metrics`. */
  readonly url: string;
  readonly grpcPort: number;
  /** Of a GET that succeeds. */
  get<Answer>(path: string, schema: z.ZodType<Answer>): Promise<Answer>;
  post(path: string, body: unknown, method?: string): Promise<Response>;
  /** What a tool of its MCP server answers as data. */
  callTool<Answer>(name: string, input: object, schema: z.ZodType<Answer>): Promise<Answer>;
}

const startedSchema = z.object({ url: z.string(), grpcPort: z.number() });
const toolAnswerSchema = z.object({
  result: z.object({ structuredContent: z.unknown(), isError: z.boolean().optional() }),
});

/** A folder that goes when the test ends. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-collector-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** @param yaml - its tollgate.yaml. */
export async function runCollector(folder: string, yaml: string): Promise<CollectorProcess> {
  const config = join(folder, "tollgate.yaml");
  await writeFile(config, yaml);
  const collector = runNode({
    script: join(import.meta.dirname, "apps/collector.mjs"),
    args: [folder],
    cwd: folder,
    env: { TOLLGATE_CONFIG: config, OTEL_LOG_LEVEL: "error" },
  });
  onTestFinished(async () => {
    collector.kill();
    await collector.exited;
  });
  const [line] = await collector.untilStdout(/^\{.*\}$/m);
  const { url, grpcPort } = startedSchema.parse(JSON.parse(line));

  async function post(path: string, body: unknown, method = "POST"): Promise<Response> {
    return fetch(`${url}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify(body),
    });
  }

  return {
    process: collector,
    url,
    grpcPort,
    post,
    async get(path, schema) {
      const response = await fetch(`${url}${path}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${text}`);
      return schema.parse(JSON.parse(text));
    },
    async callTool(name, input, schema) {
      const params = { name, arguments: input };
      const response = await post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/call", params });
      const { result } = toolAnswerSchema.parse(await response.json());
      return schema.parse(result.structuredContent);
    },
  };
}

/** Sums as REST and MCP give them out; as much of them as tests compare. */
export interface Totals {
  readonly events: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly cache_read_tokens: number;
  readonly cost_nano_usd: number;
  readonly failed_events: number;
}

export const totalsSchema: z.ZodType<Totals> = z.object({
  events: z.number(),
  tokens_in: z.number(),
  tokens_out: z.number(),
  cache_read_tokens: z.number(),
  cost_nano_usd: z.number(),
  failed_events: z.number(),
});

/** Sums of the ledger of a collector. */
export function summaryOf(collector: CollectorProcess): Promise<Totals> {
  return collector.get("/v1/token-events/summary", totalsSchema);
}
