import type { NodeExit } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { startApp, type RegisteredApp } from "./registered-app.ts";

interface Span {
  readonly name: string;
  readonly scope: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const NODE_ARGS = ["--import", "./e2e/apps/tracing-sdk.mjs", "--import", "@tollgate/node/register"];

async function runTraced(calls: readonly string[]): Promise<RegisteredApp> {
  const app = await startApp({ script: "propagating.mjs", nodeArgs: NODE_ARGS, calls });
  await app.lines();
  return app;
}

async function endOf({ app }: RegisteredApp): Promise<{ exit: NodeExit; spans: Span[] }> {
  app.endInput();
  const exit = await app.exited;
  const told: { spans: Span[] } = JSON.parse(exit.stdout.slice(exit.stdout.indexOf("ready\n") + 6));
  return { exit, spans: told.spans };
}

const isInference = ({ attributes }: Span): boolean =>
  attributes["gen_ai.operation.name"] === "chat";

test.each(["fetch", "undici", "openai", "openai4", "anthropic", "anthropicStream"])(
  "%s: the provider gets the trace and the app's baggage, and none of ours",
  async (call) => {
    const app = await runTraced([call, "service"]);
    const [toProvider, toService] = app.provider.requests.map(({ headers }) => headers);
    // An SDK that propagates by itself and an instrumentation below it both write theirs.
    expect(toProvider?.["traceparent"]).toMatch(/^(00-[0-9a-f]{32}-[0-9a-f]{16}-01(, )?)+$/);
    expect(toProvider?.["baggage"]).toMatch(/^(user.tier=gold(, )?)+$/);
    // What is no LLM call is none of our business.
    expect(toService?.["baggage"]).toContain("tollgate.agent=somebody-else");
    const { exit, spans } = await endOf(app);
    expect(exit).toMatchObject({ code: 0, stderr: "" });
    expect(spans.filter(isInference)).toHaveLength(1);
  },
);

test.each(["anthropic", "anthropicStream", "anthropicHelper"])(
  "%s: the SDK's own span gets tokens, cost and owner, and there is no second one",
  async (call) => {
    const { spans } = await endOf(await runTraced([call]));
    const [span, ...more] = spans.filter(isInference);
    expect(more).toEqual([]);
    expect(span?.scope).toContain("anthropic");
    expect(span?.attributes).toMatchObject({
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.usage.output_tokens": 500,
      "tollgate.agent": "planner",
      "tollgate.call.id": expect.any(String),
    });
    expect(Object.keys(span?.attributes ?? {}).filter((name) => name.includes("cost"))).not.toEqual(
      [],
    );
  },
);

test.each(["meteredTwice", "meteredThrice"])(
  "%s: a call under several meters is one call, one span, one cost",
  async (call) => {
    const app = await runTraced([call]);
    expect(app.provider.requests).toHaveLength(1);
    const { spans } = await endOf(app);
    expect(spans.filter(isInference)).toHaveLength(1);
  },
);
