import { expect, test } from "vitest";
import { createRig, type Rig } from "./setup.ts";

const events = (...parts: readonly object[]): string =>
  parts.map((part) => `data: ${JSON.stringify(part)}\n\n`).join("");

function rigAnswering(rawBody: string): Promise<Rig> {
  return createRig({ provider: { script: { rawBody, rawContentType: "text/event-stream" } } });
}

async function post(rig: Rig, path: string, body: object): Promise<void> {
  const url = new URL(path, rig.provider.openaiBaseUrl);
  const response = await rig.fetch(url, { method: "POST", body: JSON.stringify(body) });
  await response.text();
}

test("an Anthropic stream that a fallback wrote has the fallback's price and the first one's name", async () => {
  const counts = { input_tokens: 1000, output_tokens: 100 };
  const rig = await rigAnswering(
    events(
      {
        type: "message_start",
        message: { model: "claude-opus-4-1", content: [], usage: { input_tokens: 1000 } },
      },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: {
          ...counts,
          iterations: [{ ...counts, type: "fallback_message", model: "claude-haiku-4-5" }],
        },
      },
      { type: "message_stop" },
    ),
  );
  const messages = [{ role: "user", content: "x" }];
  await post(rig, "/v1/messages", {
    model: "claude-opus-4-1",
    max_tokens: 200,
    stream: true,
    messages,
  });
  expect(rig.events[0]).toMatchObject({
    outcome: "ok",
    estimated: false,
    responseModel: "claude-opus-4-1",
    // 1000 × $1 + 100 × $5, per million tokens.
    cost: { totalNanoUsd: 1_500_000 },
  });
});

test("a Gemini stream that ends without counts is a whole answer with an estimate", async () => {
  const parts = [{ text: "A few words." }];
  const rig = await rigAnswering(
    events({ candidates: [{ content: { parts }, finishReason: "STOP" }] }),
  );
  const path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
  await post(rig, path, { contents: [{ parts: [{ text: "x" }] }] });
  expect(rig.events[0]).toMatchObject({
    outcome: "ok",
    errorType: undefined,
    estimated: true,
    finishReasons: ["STOP"],
  });
  expect(rig.events[0]?.usage?.outputTokens).toBeGreaterThan(0);
});
