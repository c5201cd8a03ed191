import { findDifferences } from "./compare.ts";
import type { CorpusCase } from "./corpus-case.ts";
import { startReplayServer, type ReplayFetch } from "./replay-server.ts";
import type { NotRead, Send } from "./send.ts";
import { splitFetches } from "./splits.ts";

export type CaseStatus = "passed" | "failed" | "unsupported";

export interface CaseResult {
  readonly id: string;
  readonly provider: string;
  readonly operation: string;
  readonly status: CaseStatus;
  /** "" when passed. */
  readonly reason: string;
}

/** Whose answers must be read right. Others may be, but nothing is promised yet. */
const SUPPORTED_PROVIDERS: ReadonlySet<string> = new Set([
  "aleph-alpha",
  "alibaba",
  "anthropic",
  "aws.bedrock",
  "azure",
  "cohere",
  "deepseek",
  "github-copilot",
  "google",
  "groq",
  "huggingface",
  "lmstudio",
  "mistral",
  "moonshot",
  "ollama",
  "openai",
  "openai-compatible",
  "openrouter",
  "perplexity",
  "together",
  "vllm",
  "voyage",
  "watsonx",
  "writer",
  "xai",
]);

/** Replays each case over a socket and compares what `send` reads with what it should. */
export async function runCorpus(
  exchanges: readonly CorpusCase[],
  send: Send,
  splits = 0,
): Promise<readonly CaseResult[]> {
  await using server = await startReplayServer();
  const results: CaseResult[] = [];
  for (const exchange of exchanges) {
    const { id, provider, operation } = exchange;
    const fetches = [server.fetchFor(exchange), ...splitFetches(exchange, splits)];
    const verdict = await judgeAll(exchange, send, fetches);
    results.push({ id, provider, operation, ...verdict });
  }
  return results;
}

/** A case passes when it does however its answer is cut; the first verdict that is another one counts. */
async function judgeAll(
  exchange: CorpusCase,
  send: Send,
  fetches: readonly ReplayFetch[],
): Promise<Verdict> {
  let verdict: Verdict = { status: "passed", reason: "" };
  for (const fetch of fetches) {
    verdict = await judge(exchange, send, fetch);
    if (verdict.status !== "passed") break;
  }
  return verdict;
}

type Verdict = Pick<CaseResult, "status" | "reason">;

async function judge(exchange: CorpusCase, send: Send, fetch: ReplayFetch): Promise<Verdict> {
  try {
    const reading = await send(exchange, fetch);
    if ("notRead" in reading) return judgeNotRead(exchange, reading);
    const differences = findDifferences(exchange, reading);
    return differences.length === 0
      ? { status: "passed", reason: "" }
      : judgeWrong(exchange, differences.join("; "));
  } catch (error) {
    return { status: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

function judgeNotRead(exchange: CorpusCase, { notRead }: NotRead): Verdict {
  return notRead === "request not recognised"
    ? judgeWrong(exchange, notRead)
    : { status: "unsupported", reason: notRead };
}

function judgeWrong({ provider }: CorpusCase, difference: string): Verdict {
  return SUPPORTED_PROVIDERS.has(provider)
    ? { status: "failed", reason: difference }
    : { status: "unsupported", reason: `vendor not supported yet: ${difference}` };
}
