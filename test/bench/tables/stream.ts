import type { OpenAI } from "openai";
import { cannedStream } from "../canned/answers.ts";
import { compareLanes } from "../compare-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import { basicLanes, lanesWithPeers, TOLLGATE } from "../lanes/openai-lanes.ts";
import type { Table } from "../table.ts";

const request = {
  model: "gpt-4o-mini",
  max_tokens: 1_000,
  messages: [{ role: "user" as const, content: "Say something about a fox." }],
  stream: true as const,
};

async function readAll(client: OpenAI, includeUsage: boolean): Promise<unknown> {
  const answer = await client.chat.completions.create({
    ...request,
    ...(includeUsage && { stream_options: { include_usage: true } }),
  });
  let last: unknown;
  for await (const chunk of answer) last = chunk;
  return last;
}

export const stream: Table = compareLanes({
  name: "stream",
  title: "500-chunk stream",
  per: "call",
  runsPerRound: 12,
  lanes: () => lanesWithPeers({ fetch: cannedStream, work: (client) => readAll(client, true) }),
  inspect: inspectLanes,
  targets: [{ what: "500-chunk stream", row: TOLLGATE, column: "ratio", atMost: 1.03, unit: "×" }],
});
