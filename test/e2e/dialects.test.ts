import { join } from "node:path";
import {
  DIALECTS,
  dialectOfSpan,
  readsAttribute,
  type Sighting,
  type SpanRecord,
} from "@tollgate/collector";
import { runNode, startFakeProvider } from "@tollgate/testkit";
import { expect, test } from "vitest";

/** What the fake provider says of every answer; a reasoning model with a warm cache. */
const USAGE = {
  inputTokens: 1_000,
  outputTokens: 500,
  cacheReadTokens: 400,
  reasoningTokens: 100,
} as const;
const ANSWER = "The fake provider has read this";

/** What each sender makes of a plain chat, a streamed one, an embedding and a chat that is refused with 429. */
interface Sender {
  readonly script: string;
  readonly args?: readonly string[];
  readonly dialect: string;
  /** Chats with counts, which are the provider's. */
  readonly chats: number;
  readonly embeddings: number;
  /** Calls it tells of without counts. */
  readonly silent: number;
  readonly failed: number;
  /** Parts that it does not tell. */
  readonly untold?: readonly (keyof typeof USAGE)[];
}

const SENDERS: readonly Sender[] = [
  { script: "tollgate", dialect: "instrumentation", chats: 2, embeddings: 1, silent: 0, failed: 1 },
  { script: "ai-sdk-6", dialect: "ai-sdk-legacy", chats: 2, embeddings: 1, silent: 0, failed: 1 },
  {
    script: "ai-sdk-7",
    args: ["legacy"],
    dialect: "ai-sdk-legacy",
    chats: 2,
    embeddings: 1,
    silent: 0,
    failed: 1,
  },
  {
    script: "ai-sdk-7",
    dialect: "otel-genai",
    chats: 2,
    embeddings: 1,
    silent: 0,
    failed: 1,
    untold: ["reasoningTokens"],
  },
  {
    script: "anthropic-sdk",
    dialect: "anthropic-sdk",
    chats: 3,
    embeddings: 0,
    silent: 0,
    failed: 1,
  },
  {
    script: "openinference",
    dialect: "openinference",
    chats: 1,
    embeddings: 0,
    silent: 2,
    failed: 0,
  },
  {
    script: "openllmetry",
    dialect: "openllmetry",
    chats: 1,
    embeddings: 0,
    silent: 1,
    failed: 0,
    untold: ["cacheReadTokens", "reasoningTokens"],
  },
  {
    script: "openlit",
    dialect: "openlit",
    chats: 2,
    embeddings: 1,
    silent: 0,
    failed: 1,
    untold: ["reasoningTokens"],
  },
  {
    script: "sentry",
    dialect: "sentry",
    chats: 2,
    embeddings: 1,
    silent: 0,
    failed: 1,
    // Of streams it is not told.
    untold: ["reasoningTokens"],
  },
  { script: "langsmith", dialect: "langsmith", chats: 1, embeddings: 0, silent: 0, failed: 1 },
  {
    script: "langfuse",
    dialect: "langfuse",
    chats: 3,
    embeddings: 0,
    silent: 0,
    failed: 1,
    untold: ["reasoningTokens"],
  },
];

async function spansOf({ script, args = [] }: Sender): Promise<readonly SpanRecord[]> {
  let asked = 0;
  const provider = await startFakeProvider({
    respond: () => {
      asked += 1;
      return asked < 4 ? { usage: USAGE } : { status: 429 };
    },
  });
  const app = runNode({
    script: join(import.meta.dirname, "apps/senders", `${script}.mjs`),
    args,
    cwd: join(import.meta.dirname, ".."),
    env: {
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      OPENAI_API_KEY: "sk-test",
      ANTHROPIC_BASE_URL: provider.url,
      ANTHROPIC_API_KEY: "sk-test",
      LANGSMITH_TRACING: "true",
      LANGSMITH_TRACING_MODE: "otel",
      LANGSMITH_API_KEY: "ls-test",
      LANGSMITH_ENDPOINT: provider.url,
    },
  });
  const { code, stdout, stderr } = await app.exited;
  await provider.close();
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  const spans: readonly SpanRecord[] = JSON.parse(stdout.trim().split("\n").at(-1) ?? "[]");
  return spans;
}

/** As a decoder hands them on that leaves out what no dialect reads. */
function decoded(span: SpanRecord): SpanRecord {
  const kept = Object.entries(span.attributes).filter(([name]) => readsAttribute(name));
  const events = span.events.map((event) => ({
    ...event,
    attributes: Object.fromEntries(
      Object.entries(event.attributes).filter(([name]) => readsAttribute(name)),
    ),
  }));
  return { ...span, attributes: Object.fromEntries(kept), events };
}

/** The innermost of the calls that spans tell of: what holds another call tells of the same tokens. */
function calls(spans: readonly SpanRecord[]): readonly (Sighting & { dialect: string })[] {
  const seen = spans.flatMap((span) => {
    const dialect = dialectOfSpan(span);
    const sighting = dialect?.readSpan?.(span);
    return dialect === undefined || sighting === undefined
      ? []
      : [{ span, sighting: { ...sighting, dialect: dialect.id } }];
  });
  const parents = new Set(seen.map(({ span }) => span.parentSpanId));
  return seen.filter(({ span }) => !parents.has(span.spanId)).map(({ sighting }) => sighting);
}

const counted = ({ usage }: Sighting) => usage?.inputTokens !== undefined;

test.each(SENDERS)("$script as $dialect: every count is the provider's", async (sender) => {
  const spans = await spansOf(sender);
  const seen = calls(spans.map(decoded));

  expect(new Set(seen.map(({ dialect }) => dialect))).toEqual(new Set([sender.dialect]));
  const succeeded = seen.filter(({ outcome }) => outcome === "ok");
  const chats = succeeded.filter((call) => counted(call) && call.operation === "chat");
  const embeddings = succeeded.filter((call) => counted(call) && call.operation === "embeddings");
  expect({
    chats: chats.length,
    embeddings: embeddings.length,
    silent: succeeded.filter((call) => !counted(call)).length,
    failed: seen.filter(({ outcome }) => outcome === "error").length,
  }).toEqual({
    chats: sender.chats,
    embeddings: sender.embeddings,
    silent: sender.silent,
    failed: sender.failed,
  });

  const told = Object.entries(USAGE).filter(([part]) =>
    (sender.untold ?? []).every((untold) => untold !== part),
  );
  for (const { usage } of chats) expect(usage).toMatchObject(Object.fromEntries(told));
  for (const { usage } of embeddings) expect(usage?.inputTokens).toBe(USAGE.inputTokens);
});

test.each(SENDERS)(
  "$script as $dialect: nothing that is read holds a prompt or an answer",
  async (sender) => {
    const spans = await spansOf(sender);
    expect(JSON.stringify(spans.map(decoded))).not.toContain(ANSWER);
    expect(calls(spans.map(decoded))).toEqual(calls(spans));
  },
);

test("the senders that are run are those of the dialects that say so", () => {
  const run = DIALECTS.filter(({ about }) => about.evidence === "run").map(({ id }) => id);
  expect(new Set(run)).toEqual(new Set(SENDERS.map(({ dialect }) => dialect)));
});
